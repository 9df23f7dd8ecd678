import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutela.seals import boxes
from tutela.seals.bundle import MANIFEST, BadBundle, read_bundle, write_bundle
from tutela.seals.signatures import Signer

key = boxes.new_key()
signer = Signer.new()
FILES = {"dossier.json": b'{"a":1}', "originals/1-submit.xml": b"<report/>"}


@given(st.binary(max_size=200), st.text(max_size=20))
def test_what_was_sealed_opens_for_the_same_purpose(plaintext, about):
    assert boxes.unseal(key, boxes.seal(key, plaintext, about=about), about=about) == plaintext


@given(st.binary(max_size=50), st.integers(0, 10_000), st.integers(1, 255))
def test_no_flipped_byte_opens(plaintext, place, flip):
    box = bytearray(boxes.seal(key, plaintext, about="report:1"))
    box[place % len(box)] ^= flip
    with pytest.raises(boxes.BoxRefused):
        boxes.unseal(key, bytes(box), about="report:1")


def test_a_box_moved_to_another_row_does_not_open():
    box = boxes.seal(key, b"text-1", about="report:1")
    with pytest.raises(boxes.BoxRefused):
        boxes.unseal(key, box, about="report:2")
    with pytest.raises(boxes.BoxRefused):
        boxes.unseal(boxes.new_key(), box, about="report:1")


def test_a_bundle_reads_back_and_the_same_facts_give_the_same_bytes():
    bundle = write_bundle("dossier", {"case": 1}, FILES, signer=signer)
    assert bundle == write_bundle("dossier", {"case": 1}, dict(reversed(FILES.items())), signer=signer)
    read = read_bundle(bundle, "dossier", keys=[signer.public])
    assert (read.about, read.files) == ({"case": 1}, FILES)


def repacked(bundle: bytes, change) -> bytes:
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda files: files.update({"dossier.json": b'{"a":2}'}), "dossier.json: its content"),
        (lambda files: files.pop("dossier.json"), "dossier.json: named in the manifest, missing"),
        (lambda files: files.update({"extra.txt": b"x"}), "extra.txt: in the bundle, not named"),
        (lambda files: files.pop(MANIFEST), "manifest.json is missing"),
        (lambda files: files.update({MANIFEST: b"{}"}), "manifest.json: a signed statement has"),
        (lambda files: files.update({MANIFEST: b"<"}), "manifest.json is not JSON"),
    ],
)
def test_a_tampered_bundle_names_the_file_and_the_fault(change, said):
    bundle = write_bundle("dossier", {"case": 1}, FILES, signer=signer)
    with pytest.raises(BadBundle, match=said):
        read_bundle(repacked(bundle, change), "dossier", keys=[signer.public])


def test_a_flipped_byte_anywhere_never_changes_what_is_read():
    """n = every byte of a bundle, flipped in three ways."""
    whole = write_bundle("dossier", {"case": 1}, FILES, signer=signer)
    for place in range(len(whole)):
        for flip in (0x01, 0x80, 0xFF):
            bundle = bytearray(whole)
            bundle[place] ^= flip
            try:
                read = read_bundle(bytes(bundle), "dossier", keys=[signer.public])
            except BadBundle:
                continue
            # Some bytes of a zip say nothing (a date, a permission): then the content is the signed one all the same.
            assert (read.about, read.files) == ({"case": 1}, FILES)


def test_the_strangers_bundle_and_another_kind_are_refused():
    with pytest.raises(BadBundle, match="trusted"):
        read_bundle(write_bundle("dossier", {}, FILES, signer=Signer.new()), "dossier", keys=[signer.public])
    with pytest.raises(BadBundle, match="kind"):
        read_bundle(write_bundle("snapshot", {}, FILES, signer=signer), "dossier", keys=[signer.public])
    with pytest.raises(BadBundle, match="not a readable bundle"):
        read_bundle(b"text-1", "dossier", keys=[signer.public])
