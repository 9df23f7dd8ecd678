"""Every format through one door: recognised by itself, unpacked, and never a crash."""

import gzip
import random
import zipfile
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.exchange import lists
from tests.exchange.lists import hashes, md5, read
from tutela.exchange import packed
from tutela.exchange.hash_lists import FORMATS, Listed, known_formats
from tutela.exchange.packed import BadFile

SAMPLES = {
    "ncmec": lists.ncmec(lists.entry(inside=lists.prints(md5=md5(1)))),
    "vics": lists.vics(lists.media(1)),
    "stopncii": lists.stopncii(lists.record(md5(1), "VideoMD5")),
    "icse": f"MD5;SHA1;PhotoDNA;Image ID;Baseline\n{md5(1)};;;7;true\n",
    "iwf": f"md5,severity\n{md5(1)},A\n",
    "threatexchange": f"md5 {md5(1)}\n",
    "plain": md5(1),
}


def zipped(**members: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return out.getvalue()


def test_every_format_has_a_sample_here():
    assert SAMPLES.keys() == FORMATS.keys()


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize(
    "wrap",
    [bytes, lambda b: b"\xef\xbb\xbf" + b, gzip.compress, lambda b: zipped(list=b)],
    ids=["", "bom", "gz", "zip"],
)
def test_a_format_is_recognised_by_itself_also_when_packed(tmp_path, name, wrap):
    found = read(tmp_path, wrap(SAMPLES[name].encode()))
    assert (found.format, hashes(found)) == (name, {("md5", md5(1))})


@pytest.mark.parametrize("text", ["", "text-1", "<html/>", "{}", "[]", "a,b\n1,2"])
def test_an_unknown_format_says_which_are_known(tmp_path, text):
    with pytest.raises(BadFile) as refusal:
        read(tmp_path, text)
    assert all(name in str(refusal.value) for name in FORMATS) and known_formats() in str(refusal.value)


def test_an_archive_of_several_files_says_so_and_what_archivers_add_is_passed_over(tmp_path):
    with pytest.raises(BadFile, match="holds 2 files"):
        read(tmp_path, zipped(a=b"1", b=b"2"))
    out = zipped(**{"a": md5(1).encode(), "__MACOSX/._a": b"x"})
    assert hashes(read(tmp_path, out)) == {("md5", md5(1))}


def test_what_is_damaged_is_said_in_a_sentence(tmp_path):
    whole = gzip.compress(random.Random(1).randbytes(10_000))
    for broken in (whole[:500], whole[:-4] + b"xxxx", b"\x1f\x8b", zipped(a=b"x" * 1000)[:-30], b"PK\x03\x04"):
        with pytest.raises(BadFile, match=r"damaged, cut short|none of the formats"):
            read(tmp_path, broken)
    with pytest.raises(BadFile, match="UTF-16"):
        read(tmp_path, md5(1).encode("utf-16"))


def test_an_archive_that_is_made_to_burst_is_left(tmp_path, monkeypatch):
    monkeypatch.setattr(packed, "_ALWAYS_ALLOWED_BYTES", 1000)
    lines = b"#" + b"\n" * 900_000
    with pytest.raises(BadFile, match="grows without end"):
        read(tmp_path, gzip.compress(lines), format_="plain")
    assert read(tmp_path, lines, format_="plain").listed == []


def test_a_line_without_an_end_is_no_list_of_lines(tmp_path):
    with pytest.raises(BadFile, match="longer than"):
        read(tmp_path, b"a" * 3_000_000, format_="plain")


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_file_gives_rows_or_a_sentence_and_nothing_else(tmp_path, data):
    name = data.draw(st.sampled_from(sorted(SAMPLES)))
    body = bytearray(SAMPLES[name].encode())
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(body) - 1))
        body[place : place + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=3))
    try:
        found = read(tmp_path, bytes(body), format_=name)
    except BadFile:
        return
    assert all(isinstance(entry, Listed) and entry.value for entry in found.listed)
    assert all(named.rule for named in found.faulty)
