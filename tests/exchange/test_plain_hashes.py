"""Bare hashes: told apart by length and letters where that is possible, and refused where it is not."""

from base64 import b32encode

import pytest

from tests.exchange.lists import PDQ, hashes, md5, read, sha1, sha256
from tutela.exchange.hash_lines import kinds_of, read_line
from tutela.exchange.hash_lists import Told
from tutela.matching.hashes import BadHash


def test_lengths_that_say_the_kind_are_enough(tmp_path):
    base32 = b32encode(bytes.fromhex(sha1(3))).decode()
    found = read(tmp_path, f"{md5(1).upper()}\n{sha1(2)}\n{base32}\n{md5(1)}\n")
    assert found.format == "plain" and not found.faulty
    assert hashes(found) == {("md5", md5(1)), ("sha1", sha1(2)), ("sha1", sha1(3))} and len(found.listed) == 3


def test_64_characters_are_two_kinds_and_need_a_word(tmp_path):
    found = read(tmp_path, f"{sha256(1)}\n{PDQ}\n")
    assert [named.row for named in found.faulty] == [1, 2] and "--kind" in found.faulty[0].rule
    assert hashes(read(tmp_path, sha256(1), told=Told(kind="sha256"))) == {("sha256", sha256(1))}
    assert hashes(read(tmp_path, PDQ, told=Told(kind="pdq"))) == {("pdq", PDQ)}


@pytest.mark.parametrize("line", ["abc", "z1" * 16, md5(1)[:-1], f"{md5(1)} {md5(1)}", "md5,"])
def test_what_is_no_hash_is_named_by_its_line(tmp_path, line):
    [named] = read(tmp_path, f"{md5(1)}\n\n{line}\n", format_="plain").faulty
    assert named.row == 3 and "z1" not in named.rule


@pytest.mark.parametrize("nothing", ["0" * 32, "d41d8cd98f00b204e9800998ecf8427e", "f" * 40])
def test_a_placeholder_would_match_what_is_nothing_and_is_set_aside(tmp_path, nothing):
    found = read(tmp_path, f"{md5(1)}\n{nothing}\n")
    assert len(found.listed) == 1 and sum(found.aside.values()) == 1


def test_an_empty_pictures_pdq_is_set_aside(tmp_path):
    assert sum(read(tmp_path, f"pdq {'00' * 31}ff\npdq {PDQ}").aside.values()) == 1


def test_a_line_may_name_its_kind():
    assert read_line(f"SHA-1 {sha1(1)}") == read_line(f"sha1  {sha1(1)} ") == [("sha1", bytes.fromhex(sha1(1)))]
    assert [kind for kind, _ in read_line(PDQ)] == ["pdq", "sha256"]
    assert [kind for kind, _ in read_line(PDQ, "pdq")] == ["pdq"]
    for wrong in ("", "word", f"crc {md5(1)}", "pdq " + md5(1)):
        with pytest.raises(BadHash):
            read_line(wrong)
    assert kinds_of("") == ()
