"""What users were told and what they answered: a ledger without names, and the form's 45 figures with honest nulls."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.provider.commands import plainly, tutela
from tutela.law.forms import standard_form
from tutela.provider import figures as module
from tutela.provider.entries import (
    About,
    BadEntry,
    Complaint,
    Decision,
    Kind,
    Object,
    Outcome,
    Reason,
    Redress,
    checked,
)
from tutela.provider.figures import figures
from tutela.provider.ledger import Ledger

AT, LATER = "2026-03-01T10:00:00Z", "2026-03-02T10:00:00Z"
ADD = ("notice", "add", "item-1", "--about", "known", "--object", "content", "--measure", "removed", "--at", AT)
ALL_TOLD = [part for each in Redress for part in ("--told-of", each)]


@pytest.fixture
def ledger(records):
    ledger = Ledger(records)
    ledger.keep_since(date(2026, 1, 1))
    return ledger


def decision(reference="item-1", **more):
    said = {"reference": reference, "about": "known", "object": "content", "measure": "removed", "decided_at": AT}
    return Decision.model_validate(said | more)


def lodged(reference="item-1", kind="internal", at=LATER, **more):
    return Complaint.model_validate({"reference": reference, "kind": kind, "lodged_at": at} | more)


def values(ledger, year=2026):
    return {code: figure.value for code, figure in figures(ledger, year, as_of=date(2026, 11, 25)).figures.items()}


def at(text):
    return datetime.fromisoformat(text)


def test_a_story_from_the_decision_to_the_figures(records):
    assert "item-1 is written down" in plainly(tutela(*ADD), 0).stderr
    told = ("notice", "told", "item-1", "--at", AT, *ALL_TOLD)
    plainly(tutela(*told), 0)
    plainly(tutela("complaint", "add", "item-1", "--kind", "internal", "--at", LATER, "--reason", "lawful_context"), 0)
    plainly(tutela("complaint", "decide", 1, "--outcome", "restored", "--at", "2026-03-04T22:00:00Z"), 0)
    plainly(tutela("complaint", "add", "item-1", "--kind", "judicial", "--at", LATER), 0)
    plainly(tutela("complaint", "decide", 2, "--outcome", "restored", "--at", "2026-05-01T08:00:00Z"), 0)
    plainly(tutela("complaint", "complied", 2, "--at", "2026-05-01T20:30:00Z"), 0)
    ran = plainly(tutela("complaint", "figures", "--year", 2026, "--json"), 0)
    said = json.loads(ran.stdout)
    block = [said["figures"][f"5.KC{place}"]["value"] for place in range(1, 10)]
    assert block == [1, 1, {"lawful_context": 1}, 1, 60.0, 1, None, 1, 12.5]
    assert (said["form"], said["category"], said["covers_the_year"]) == ("form:reg-2024-2916", 5, False)
    assert said["figures"]["5.KA1"]["value"] is None
    assert "no zero is said" in ran.stderr and "is not over" in ran.stderr


def test_the_figures_are_the_45_of_the_form(ledger):
    found = figures(ledger, 2026, as_of=date(2026, 11, 25)).figures
    fields = [field for category in standard_form().categories if category.number == 5 for field in category.fields]
    assert len(found) == 45 and list(found) == [field.code for field in fields]
    assert [found[field.code].optional for field in fields] == [field.optional for field in fields]
    assert {figure.unit for figure in found.values()} == {"items", "accounts", "complaints", "reasons", "hours"}
    for code, figure in found.items():
        assert ("items" if code[3] == "C" else "accounts") == figure.unit or code[-1] in "235679"


def test_a_zero_is_said_only_where_the_ledger_covers_the_year(ledger):
    whole = values(ledger)
    assert {code for code, value in whole.items() if value == 0} == {code for code in whole if code[-1] in "12468"}
    assert {value for code, value in whole.items() if code[-1] in "3579"} == {None}
    assert set(values(ledger, 2025).values()) == {None}
    assert set(values(ledger, 2027).values()) == {None}
    ledger.keep_since(date(2026, 1, 2))
    assert set(values(ledger).values()) == {None}
    ledger.add(decision())
    assert values(ledger)["5.KC1"] == 1 and values(ledger)["5.KC2"] is None


def test_the_saboteur_who_says_zero_for_what_nobody_counted_is_seen(ledger, monkeypatch):
    monkeypatch.setattr(module, "_known", lambda value, whole: value)
    with pytest.raises(AssertionError):
        test_a_zero_is_said_only_where_the_ledger_covers_the_year(ledger)


def test_accounts_outside_the_union_do_not_count_and_unknown_ones_are_told(ledger):
    for name, in_union in (("a-1", True), ("a-2", False), ("a-3", None)):
        ledger.add(decision(name, object="account", measure="suspended", in_union=in_union))
    found = figures(ledger, 2026, as_of=date(2026, 11, 25))
    assert found.figures["5.KA1"].value == 1
    assert found.left_out == 1
    assert "1 accounts are left out" in plainly(tutela("complaint", "figures", "--year", 2026), 0).stderr


def test_each_thing_counts_in_the_year_in_which_it_happened(ledger):
    ledger.keep_since(date(2024, 1, 1))
    ledger.add(decision(decided_at="2024-12-31T23:00:00Z"))
    ledger.complain(lodged(at="2025-01-01T00:30:00+01:00"))
    ledger.decide(1, outcome=Outcome.RESTORED, at=at("2026-01-01T00:00:00+00:00"))
    assert [values(ledger, year)["5.KC1"] for year in (2024, 2025, 2026)] == [1, 0, 0]
    assert [values(ledger, year)["5.KC2"] for year in (2024, 2025, 2026)] == [1, 0, 0]
    assert [values(ledger, year)["5.KC4"] for year in (2024, 2025, 2026)] == [0, 0, 1]


stories = st.lists(
    st.tuples(
        st.sampled_from([*About]), st.sampled_from([*Object]), st.sampled_from([None, *Kind]),
        st.sampled_from([None, *Outcome]), st.sampled_from([None, *Reason]), st.integers(0, 5000),
    ),
    max_size=12,
)  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(stories)
def test_the_figures_equal_a_count_by_hand(tmp_path_factory, stories):
    ledger = Ledger(tmp_path_factory.mktemp("ledger"))
    ledger.keep_since(date(2026, 1, 1))
    lines = []
    for number, (about, drawn, kind, outcome, reason, minutes) in enumerate(stories):
        object_ = Object.ACCOUNT if about is About.SOLICITATION else drawn
        code = f"5.{'KNS'[[*About].index(about)]}{'CA'[[*Object].index(object_)]}"
        in_union = True if object_ is Object.ACCOUNT else None
        ledger.add(decision(f"r-{number}", about=about, object=object_, in_union=in_union))
        if kind is not None:
            found = ledger.complain(lodged(f"r-{number}", kind, reason=reason))
            if outcome is not None:
                ledger.decide(found.number, outcome=outcome, at=at(LATER) + timedelta(minutes=minutes))
        lines.append((code, kind, outcome if kind else None, reason if kind else None, minutes))
    found = values(ledger)
    for code in {code[:-1] for code in found}:
        mine = [line for line in lines if line[0] == code]
        assert found[f"{code}1"] == len(mine)
        for first, kind in ((2, Kind.INTERNAL), (6, Kind.JUDICIAL)):
            told = [line for line in mine if line[1] is kind]
            assert found[f"{code}{first}"] == len(told)
            reasons = [line[3].value for line in told if line[3]]
            assert found[f"{code}{first + 1}"] == ({each: reasons.count(each) for each in reasons} or None)
            assert found[f"{code}{first + 2}"] == sum(line[2] is Outcome.RESTORED for line in told)
        decided = [line[4] for line in mine if line[1] is Kind.INTERNAL and line[2]]
        mean = found[f"{code}5"]
        assert mean is None if not decided else abs(mean - sum(decided) / len(decided) / 60) <= 0.051
    ledger.close()


@pytest.mark.parametrize(
    "reference", ["person@mail.example", "192.0.2.1", "2001:db8::1", "First Last", "+33199000000", "", "a" * 200]
)
def test_a_reference_that_could_name_somebody_is_refused_and_not_repeated(reference):
    ran = tutela(*ADD[:2], *ADD[3:], "--", reference)
    said = plainly(ran, 2).stderr
    assert "reference" in said
    assert not reference or f" {reference}" not in said


def test_who_was_not_told_of_all_redress_is_named_until_it_is_done(records):
    ran = plainly(tutela(*ADD, "--told-at", AT, "--told-of", "provider"), 0)
    assert "not told of: authority, court" in ran.stderr and "Article 3(1)(g)(vi)" in ran.stderr
    plainly(tutela("notice", "add", "item-2", *ADD[3:], "--hold-until", "2099-01-01"), 0)
    plainly(tutela("notice", "add", "item-3", *ADD[3:], "--told-at", AT, *ALL_TOLD), 0)
    due = plainly(tutela("notice", "list", "--untold"), 0).stdout
    assert "item-1" in due and "held until 2099-01-01" in due and "item-3" not in due


def test_the_same_twice_is_one_and_otherwise_is_refused(records):
    plainly(tutela(*ADD), 0)
    assert "was written down before" in plainly(tutela(*ADD), 0).stderr
    assert "says otherwise" in plainly(tutela(*ADD[:-1], LATER), 2).stderr
    complain = ("complaint", "add", "item-1", "--kind", "internal", "--at", LATER)
    assert "Complaint 1" in plainly(tutela(*complain), 0).stderr
    assert "Complaint 1" in plainly(tutela(*complain), 0).stderr


def test_a_year_of_decisions_is_imported_wholly_or_not_at_all(records, tmp_path):
    lines = [decision(f"item-{number}").model_dump_json() for number in range(50)]
    (tmp_path / "good").write_text("\n".join(lines))
    (tmp_path / "bad").write_text("\n".join([*lines, '{"reference": "text of somebody"}']))
    said = plainly(tutela("notice", "import", tmp_path / "bad"), 2).stderr
    assert "Line 51" in said and "text of somebody" not in said
    assert "holds no decision" in plainly(tutela("notice", "list"), 0).stdout
    assert "50 written down, 0 stood" in plainly(tutela("notice", "import", tmp_path / "good"), 0).stderr
    assert "0 written down, 50 stood" in plainly(tutela("notice", "import", tmp_path / "good"), 0).stderr
    again = plainly(tutela("notice", "list", "--json"), 0).stdout
    assert [Decision.model_validate_json(line) for line in again.splitlines()] == sorted(
        (decision(f"item-{number}") for number in range(50)), key=lambda each: each.reference
    )


def test_a_restored_item_that_was_reported_is_to_be_corrected(records):
    plainly(tutela(*ADD, "--report", 10_000_007), 0)
    plainly(tutela("complaint", "add", "item-1", "--kind", "internal", "--at", LATER), 0)
    said = plainly(tutela("complaint", "decide", 1, "--outcome", "restored", "--at", LATER), 0).stderr
    assert "Report 10000007" in said and "wrong" in said


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (("notice", "add", "a", "--about", "rumour"), "rumour"),
        ((*ADD[:3], "--about", "solicitation", *ADD[5:]), "counts accounts only"),
        ((*ADD, "--in-union"), "accounts only"),
        ((*ADD, "--told-at", "2026-02-01T00:00:00Z"), "before the decision"),
        ((*ADD, "--told-of", "court"), "told_at"),
        ((*ADD[:-1], "2099-01-01T00:00:00Z"), "in the future"),
        ((*ADD[:-1], "yesterday"), "write it as 2026"),
        (("notice", "told", "nobody", "--at", AT), "no decision nobody"),
        (("complaint", "add", "nobody", "--kind", "internal", "--at", AT), "no decision nobody"),
        (("complaint", "decide", 7, "--outcome", "upheld", "--at", AT), "no complaint number 7"),
        (("complaint", "decide", "x", "--outcome", "upheld", "--at", AT), "not a valid integer"),
        (("complaint", "complied", 7, "--at", AT), "no complaint number 7"),
        (("complaint", "figures"), "--year"),
        (("complaint", "figures", "--year", "26"), "2021"),
    ],
)
def test_wrong_use_is_one_clear_sentence(said, sentence):
    assert sentence in plainly(tutela(*said), 2).stderr


def test_moments_that_cannot_be_are_refused(ledger):
    ledger.add(decision(decided_at=LATER))
    with pytest.raises(BadEntry, match="before the decision"):
        ledger.complain(lodged(at=AT))
    first = ledger.complain(lodged())
    with pytest.raises(BadEntry, match="before it is lodged"):
        ledger.decide(first.number, outcome=Outcome.UPHELD, at=at(AT))
    with pytest.raises(BadEntry, match="a court"):
        ledger.comply(first.number, at=datetime.now(UTC))
    ledger.decide(first.number, outcome=Outcome.UPHELD, at=at(LATER))
    with pytest.raises(BadEntry, match="already"):
        ledger.decide(first.number, outcome=Outcome.RESTORED, at=datetime.now(UTC))
    with pytest.raises(BadEntry, match="object"):
        checked(Decision, decision().model_dump() | {"object": "person"})
