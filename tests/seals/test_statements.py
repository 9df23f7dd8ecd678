import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutela.seals.canonical import canonical, is_canonical
from tutela.seals.signatures import BadSignature, PublicKey, Signer, verify_statement

ana = Signer.new()
stranger = Signer.new()
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)


@given(values)
def test_one_value_has_one_byte_form(value):
    written = canonical(value)
    assert is_canonical(written)
    assert canonical(copy.deepcopy(value)) == written


@pytest.mark.parametrize("value", [float("nan"), 2**60, {1: "a"}, object()])
def test_what_json_cannot_say_exactly_is_refused(value):
    with pytest.raises(ValueError, match="not canonical JSON"):
        canonical(value)


def test_a_statement_verifies_with_the_key_that_signed_it():
    statement = ana.statement("receipt", {"report": 1})
    assert verify_statement(statement, "receipt", [stranger.public, ana.public]) == {"report": 1}


def test_a_receipt_is_never_taken_for_an_audit_head():
    with pytest.raises(BadSignature, match="not a statement of kind 'audit-head'"):
        verify_statement(ana.statement("receipt", {"seq": 1}), "audit-head", [ana.public])


def test_relabelling_the_kind_breaks_the_signature():
    statement = ana.statement("receipt", {"seq": 1}) | {"kind": "audit-head"}
    with pytest.raises(BadSignature, match="does not fit"):
        verify_statement(statement, "audit-head", [ana.public])


def test_the_strangers_signature_is_not_trusted():
    with pytest.raises(BadSignature, match="not among the trusted"):
        verify_statement(stranger.statement("receipt", {"report": 1}), "receipt", [ana.public])


@given(values)
def test_anything_that_is_not_a_statement_is_refused_in_words(value):
    with pytest.raises(BadSignature):
        verify_statement(value, "receipt", [ana.public])


@given(st.sampled_from(["report", "state"]), st.text(max_size=5))
def test_no_altered_word_survives(name, word):
    statement = ana.statement("receipt", {"report": "1", "state": "finished"})
    if statement["body"][name] == word:
        return
    statement["body"][name] = word
    with pytest.raises(BadSignature):
        verify_statement(statement, "receipt", [ana.public])


def test_a_public_key_reads_back_from_its_text():
    assert PublicKey.from_text(ana.public.text()) == ana.public
    for wrong in ("", "text-1", "AAAA"):
        with pytest.raises(BadSignature, match="32 bytes in base64"):
            PublicKey.from_text(wrong)


def test_a_kept_key_is_the_same_after_a_restart_and_closed_to_others(tmp_path):
    first = Signer.kept_at(tmp_path / "keys" / "signing")
    again = Signer.kept_at(tmp_path / "keys" / "signing")
    assert first.public == again.public
    assert (tmp_path / "keys" / "signing").stat().st_mode & 0o077 == 0
    assert [file.name for file in (tmp_path / "keys").iterdir()] == ["signing"]
