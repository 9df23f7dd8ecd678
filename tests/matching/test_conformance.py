import sys
from types import ModuleType

import numpy as np
import pytest
from PIL import Image

from tests.matching import pictures
from tests.matching.pictures import encoded
from tutela.matching.conformance import MAX_PEER_BITS, main, peer_hash
from tutela.matching.hashers import hash_picture
from tutela.matching.hashes import distance_bits


@pytest.fixture
def vectors(tmp_path):
    """Two drawn pictures and what they hash to."""
    rows = ["file,pdq"]
    for seed in (1, 2):
        data = encoded(pictures.waves(seed=seed), "JPEG")
        (tmp_path / f"{seed}.jpg").write_bytes(data)
        rows.append(f"{seed}.jpg,{hash_picture(data).pdq.hex()}")
    (tmp_path / "expected.csv").write_text("\n".join(rows))
    return tmp_path


@pytest.fixture
def peer(monkeypatch):
    """Stands in for `pdqhash`: answers what it is told."""
    module = ModuleType("pdqhash")
    monkeypatch.setitem(sys.modules, "pdqhash", module)

    def answers(value):
        module.compute = lambda pixels: (np.unpackbits(np.frombuffer(value(pixels), np.uint8)), 100)

    return answers


def of_pixels(pixels):
    return hash_picture(encoded(Image.fromarray(pixels), "PNG")).pdq


def test_what_agrees_passes_and_a_peer_that_is_absent_is_named(vectors, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "pdqhash", None)
    assert main([str(vectors)]) == 0
    said = capsys.readouterr().out
    assert "2 pictures, worst distance 0 bits" in said
    assert "skipped: bit by bit with pdqhash" in said


def test_a_published_hash_that_is_further_than_allowed_fails(vectors, capsys):
    expected = (vectors / "expected.csv").read_text()
    last = expected[-4:]
    (vectors / "expected.csv").write_text(expected[:-4] + f"{int(last, 16) ^ 0x7FF:04x}")
    assert main([str(vectors)]) == 1
    assert "worst distance 11 bits" in capsys.readouterr().out


def test_a_peer_that_is_there_is_compared(vectors, peer, capsys):
    peer(of_pixels)
    assert main([str(vectors)]) == 0
    assert "2 compared with pdqhash" in capsys.readouterr().out


def test_a_peer_that_differs_fails(vectors, peer):
    peer(lambda pixels: (int.from_bytes(of_pixels(pixels)) ^ 0b111).to_bytes(32))
    assert main([str(vectors)]) == 1


@pytest.mark.parametrize("content", [None, "text-3", "file,pdq\nabsent.jpg," + "00" * 32, "file,pdq\n1.jpg,zz"])
def test_vectors_that_cannot_be_read_are_no_success(tmp_path, content, capsys):
    if content is not None:
        (tmp_path / "expected.csv").write_text(content)
    assert main([str(tmp_path)]) == 2
    assert capsys.readouterr().err
    assert main([]) == main(["absent"]) == 2


def test_each_hash_is_bit_by_bit_that_of_pdqhash():
    pytest.importorskip("pdqhash", reason="pip install pdqhash (it needs a compiler) to compare with it bit by bit")
    for number, size in enumerate([(320, 240), (1_100, 780), (801, 1_203), (64, 64), (129, 640), (257, 255)]):
        for picture in (pictures.waves(*size, seed=number), pictures.noise(*size, seed=number)):
            data = encoded(picture, "PNG")
            assert distance_bits(peer_hash(data), hash_picture(data).pdq) <= MAX_PEER_BITS
