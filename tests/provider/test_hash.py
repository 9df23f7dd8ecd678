"""One file to one lead: the digests are the standard ones, and what cannot be hashed says why."""

import hashlib
import inspect
import json
import os
import sys
from io import BytesIO
from pathlib import Path

import pytest

from tests.matching import pictures, videos
from tutela.matching.catalogue import Catalogue, Entry, Label
from tutela.matching.frames import read_frame_lines
from tutela.matching.hashers import hash_picture
from tutela.provider import hashing
from tutela.provider.files import listed, shown, walked
from tutela.provider.hashing import hash_file, hash_stream, was_read
from tutela.provider.leads import read_leads
from tutela.provider.matching import Here, match, of_lead
from tutela.provider.processes import hash_files

PICTURE = pictures.encoded(pictures.waves(), "PNG")


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(PICTURE)
    return path


def test_a_picture_is_named_by_its_digests_and_its_pdq(picture):
    lead = hash_file(picture)
    assert (lead.name, lead.size_bytes, lead.refused) == (str(picture), len(PICTURE), None)
    for kind in ("md5", "sha1", "sha256"):
        assert getattr(lead, kind) == hashlib.new(kind, PICTURE).hexdigest()
    assert (bytes.fromhex(lead.pdq), lead.quality) == (hash_picture(PICTURE).pdq, 100)
    assert list(read_leads([lead.line()])) == [lead]


def test_a_file_that_is_no_picture_has_its_digests_and_says_why_it_has_no_pdq(tmp_path):
    (tmp_path / "text-1.txt").write_text("text-1")
    lead = hash_file(tmp_path / "text-1.txt")
    assert lead.sha256 == hashlib.sha256(b"text-1").hexdigest()
    assert lead.pdq is None and "no picture in a format we read" in lead.refused
    assert was_read(lead)


def test_an_empty_file_is_read_and_has_no_pdq(tmp_path):
    (tmp_path / "empty").touch()
    assert hash_file(tmp_path / "empty").size_bytes == 0


@pytest.mark.parametrize("held", [len(PICTURE) - 1, len(PICTURE), len(PICTURE) + 1, 1])
def test_a_long_file_gives_what_a_short_one_gives(picture, monkeypatch, held):
    short = hash_file(picture)
    monkeypatch.setattr(hashing, "HELD_BYTES", held)
    assert hash_file(picture).model_copy(update={"at": short.at}) == short


def test_of_a_long_file_only_a_piece_is_held(tmp_path, monkeypatch):
    """The saboteur: a reader that takes more than a piece at once is seen."""
    monkeypatch.setattr(hashing, "HELD_BYTES", 1000)
    asked = []

    class Watched(BytesIO):
        def read(self, size=-1):
            asked.append(size)
            return super().read(size)

    hash_stream("long", Watched(bytes(3_000_000)))
    assert max(asked) <= 1024 * 1024 and -1 not in asked and None not in asked


def test_a_long_file_that_grows_while_it_is_read_gets_no_picture_hash_of_another_content(picture, monkeypatch):
    monkeypatch.setattr(hashing, "HELD_BYTES", 10)
    was = hashing._seen

    def meanwhile(stream):
        with picture.open("ab") as out:
            out.write(b"more")
        return was(stream)

    monkeypatch.setattr(hashing, "_seen", meanwhile)
    lead = hash_file(picture)
    assert lead.pdq is None and "changed while it was read" in lead.refused


def test_what_cannot_be_rewound_and_is_long_says_so(monkeypatch):
    monkeypatch.setattr(hashing, "HELD_BYTES", 10)

    class Pipe(BytesIO):
        def seekable(self):
            return False

    lead = hash_stream("-", Pipe(PICTURE))
    assert lead.sha256 == hashlib.sha256(PICTURE).hexdigest() and "name the file" in lead.refused


def test_what_is_no_file_is_refused_without_waiting_for_it(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, tmp_path / "nowhere", Path("\0")):
        lead = hash_file(path)
        assert not was_read(lead) and lead.refused


def test_a_file_that_may_not_be_read_says_so(picture, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert hash_file(picture).refused == "This file cannot be read: Permission denied."


def test_a_name_that_is_not_utf8_can_still_be_written(tmp_path):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.png"))
    path.write_bytes(PICTURE)
    assert json.loads(hash_file(path).line())["name"].endswith("\\xff.png")
    assert shown(Path("é")) == "é"


def test_a_walk_goes_to_the_bottom_in_order_and_follows_no_link(tmp_path):
    for name in ("b/2", "b/1", "a/c/3", ".hidden"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "a/ring").symlink_to(tmp_path)
    (tmp_path / "a/link").symlink_to(tmp_path / "b/1")
    os.mkfifo(tmp_path / "a/pipe")
    assert [str(path.relative_to(tmp_path)) for path in walked([tmp_path])] == [".hidden", "a/c/3", "b/1", "b/2"]
    assert list(walked([tmp_path / "a/link", tmp_path / "nowhere"])) == [tmp_path / "a/link", tmp_path / "nowhere"]


def test_a_directory_that_cannot_be_opened_is_named_and_not_passed_over(tmp_path, monkeypatch):
    closed, was = tmp_path / "closed", os.scandir
    closed.mkdir()
    (tmp_path / "open").touch()

    def scandir(path):
        if Path(path) == closed:
            raise PermissionError(13, "Permission denied")
        return was(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert list(walked([tmp_path])) == [closed, tmp_path / "open"]
    assert not was_read(hash_file(closed))


def test_paths_may_be_listed_by_line_or_between_zero_bytes():
    assert list(listed(BytesIO(b"a b\r\n\n./c"))) == [Path("a b"), Path("c")]
    assert list(listed(BytesIO(b"a\nb\0c\0"))) == [Path("a\nb"), Path("c")]


def test_several_processes_say_the_same_in_the_same_order(tmp_path):
    for number in range(40):
        picture = pictures.encoded(pictures.shapes(40 + number, 30), "PNG")
        (tmp_path / f"{number:02}").write_bytes(picture if number % 5 else picture[:200])
    files = sorted(tmp_path.iterdir())
    together, one_by_one = (
        [lead.model_dump(exclude={"at"}) for lead in hash_files(files, workers=workers)] for workers in (2, 1)
    )
    assert together == one_by_one
    assert [lead["name"] for lead in together] == [str(file) for file in files]


def test_a_video_is_named_by_its_digests_and_by_the_frames_that_were_chosen(tmp_path):
    video = videos.encoded(videos.drawn(seed=1, scenes=(0.6, 0.7)))
    (tmp_path / "a.mp4").write_bytes(video)
    lead = hash_file(tmp_path / "a.mp4")
    assert (lead.sha256, lead.pdq, lead.refused) == (hashlib.sha256(video).hexdigest(), None, None)
    assert read_frame_lines("\n".join(lead.frames)) and list(read_leads([lead.line()])) == [lead]
    one = read_frame_lines("\n".join(lead.frames))[0].pdq
    catalogue = Catalogue.build([Entry("scene", "pdq", one, Label("drawn", "", ""))])
    [matched] = match([of_lead(lead)], Here(catalogue, 31))
    assert [(each.reference, each.distance_bits) for each in matched.matches] == [("scene", 0)]
    assert not matched.is_exact


def test_without_the_video_part_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "av", None)
    (tmp_path / "a").write_bytes(b"text-1")
    assert "install tutela[video]" in hash_file(tmp_path / "a").refused


def test_a_walk_goes_deeper_than_calls_may(tmp_path):
    deep = tmp_path / "/".join("d" * 90)
    deep.mkdir(parents=True)
    (deep / "a").touch()
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack(0)) + 60)
    try:
        found = list(walked([tmp_path]))
    finally:
        sys.setrecursionlimit(before)
    assert found == [deep / "a"]
