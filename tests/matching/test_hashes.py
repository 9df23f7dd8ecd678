import re
from base64 import b32encode, b64encode, urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutela.matching.hashes import (
    KINDS,
    SIZE_BYTES,
    BadHash,
    distance_bits,
    hash_text,
    parse_hash,
    parse_pdq,
    pdq_hex,
    popcount,
)
from tutela.matching.urls import BadUrl, canonical_url, url_key

# An address is spelled as an address, and TMK begins with its magic.
FIXED = sorted(set(SIZE_BYTES) - {"tmk", "url"})


@st.composite
def hashes(draw):
    kind = draw(st.sampled_from(FIXED))
    return kind, draw(st.binary(min_size=SIZE_BYTES[kind], max_size=SIZE_BYTES[kind]))


@given(hashes())
def test_every_spelling_of_a_hash_is_the_same_hash(case):
    kind, value = case
    spellings = [
        value.hex(),
        value.hex().upper(),
        b64encode(value).decode(),
        b64encode(value).decode().rstrip("="),
        urlsafe_b64encode(value).decode(),
        b32encode(value).decode(),
        b32encode(value).decode().rstrip("=").lower(),
        f"  {value.hex()}\r\n",
    ]
    assert {parse_hash(kind, spelling) for spelling in spellings} == {value}


@pytest.mark.parametrize("kind", KINDS)
@given(st.data())
def test_the_canonical_text_of_a_hash_of_any_kind_reads_back_as_itself(kind, data):
    size = 200 if kind == "tmk" else SIZE_BYTES[kind]
    value = data.draw(st.binary(min_size=size, max_size=size))
    if kind == "tmk":
        value = (b"TMK1" + value).ljust(SIZE_BYTES["tmk"], b"\x7f")
    assert parse_hash(kind, hash_text(kind, value)) == value
    assert hash_text(kind, parse_hash(kind, hash_text(kind, value))) == hash_text(kind, value)


def test_the_key_of_an_address_stands_for_it_and_is_no_address():
    key = url_key("https://host.example/a")
    assert parse_hash("url", hash_text("url", key)) == parse_hash("url", "https://host.example/a") == key
    with pytest.raises(BadUrl):
        canonical_url(key.hex())


def test_opaque_hashes_are_carried_unchanged():
    photodna = bytes(range(144))
    tmk = b"TMK1" + bytes(SIZE_BYTES["tmk"] - 4)
    for kind, value in (("photodna", photodna), ("tmk", tmk)):
        assert parse_hash(kind, value.hex()) == value
        assert hash_text(kind, parse_hash(kind, b64encode(value).decode())) == b64encode(value).decode()


def test_a_tmk_hash_without_its_magic_is_refused():
    with pytest.raises(BadHash, match="TMK1"):
        parse_hash("tmk", bytes(SIZE_BYTES["tmk"]).hex())


@given(st.sampled_from(KINDS), st.text(max_size=300))
def test_whatever_the_text_the_answer_is_a_value_or_a_refusal(kind, text):
    try:
        value = parse_hash(kind, text)
    except BadHash:
        return
    assert len(value) == SIZE_BYTES.get(kind, 32)


@given(hashes(), st.data())
def test_a_text_with_one_wrong_character_is_refused_and_not_repeated(case, data):
    kind, value = case
    place = data.draw(st.integers(0, 2 * len(value) - 1))
    text = value.hex()[:place] + "#" + value.hex()[place + 1 :]
    with pytest.raises(BadHash) as refusal:
        parse_hash(kind, text)
    assert text not in str(refusal.value)
    assert text[:12] not in str(refusal.value)
    assert str(refusal.value).endswith(".")


def test_base64_with_stray_last_bits_is_refused_because_two_texts_would_be_one_hash():
    text = b64encode(bytes(16)).decode()
    assert text.endswith("A==")
    assert parse_hash("md5", text) == bytes(16)
    with pytest.raises(BadHash):
        parse_hash("md5", text.replace("A==", "B=="))


@pytest.mark.parametrize("text", ["", "=", "a" * 63, "a" * 65, "A" * 43 + "=" * 9, "é" * 64, "٣" * 64, "a" * 10_000])
def test_wrong_lengths_and_foreign_digits_are_refused(text):
    with pytest.raises(BadHash, match="64 hexadecimal"):
        parse_pdq(text)


def test_an_unknown_kind_names_the_known_ones():
    with pytest.raises(BadHash, match="photodna"):
        parse_hash("md4", "00" * 16)


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_distance_counts_the_bits_that_differ(one, other):
    bits = sum(a != b for a, b in zip(f"{int.from_bytes(one):0256b}", f"{int.from_bytes(other):0256b}", strict=True))
    assert distance_bits(one, other) == bits == distance_bits(other, one)
    assert popcount(one) == distance_bits(one, bytes(32))


def test_only_hashes_of_one_length_have_a_distance():
    with pytest.raises(BadHash):
        distance_bits(bytes(32), bytes(16))


def test_pdq_is_written_as_64_small_hexadecimal_characters():
    assert re.fullmatch("[0-9a-f]{64}", pdq_hex(bytes(range(32))))
    with pytest.raises(BadHash):
        pdq_hex(bytes(31))
