"""The register of infringement decisions: what is believed, and the directive column that is not."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.compliance.stories import HEADER, TITLE, TODAY, decision, export
from tutela.compliance.register import Decision, read
from tutela.compliance.rows import ImportRefused, Remark
from tutela.law.procedures import Kind, Step

OTHER = {"number": "INFR(2019)2190"}
CLAIM = HEADER + ",directive_celex"


def decisions(*rows: str, header: str = HEADER) -> tuple[Decision, ...]:
    return read(export(*rows, header=header), today=TODAY)[1]


def problems(*rows: str, header: str = HEADER) -> list[Remark]:
    with pytest.raises(ImportRefused) as refusal:
        read(export(*rows, header=header), today=TODAY)
    return list(refusal.value.problems)


def test_a_row_is_a_decision_in_a_case_of_a_state() -> None:
    (found,) = decisions(decision())
    assert (found.case_number, found.state, found.kind) == ("INFR(2019)2189", "RO", Kind.NON_CONFORMITY)
    assert (found.step, str(found.on), found.active, found.row) == (Step.LETTER, "2019-07-25", True, 2)


@pytest.mark.parametrize(
    ("words", "step"),
    [
        ("Formal notice Art. 258 TFEU", Step.LETTER),
        ("Additional formal notice", Step.ADDITIONAL_LETTER),
        ("Reasoned opinion Art. 258 TFEU", Step.OPINION),
        ("Additional reasoned opinion", Step.ADDITIONAL_OPINION),
        ("Referral to Court Art. 258-260 TFEU", Step.REFERRAL),
        ("Closing", Step.CLOSING),
        ("Withdrawal", Step.WITHDRAWAL),
    ],
)
def test_each_decision_has_one_word(words: str, step: Step) -> None:
    assert [each.step for each in decisions(decision(type=words))] == [step]


def test_luxembourg_is_understood_as_the_register_misspells_it() -> None:
    assert [each.state for each in decisions(decision(state="Luxemburg"))] == ["LU"]


def test_rows_about_other_acts_are_left_out_and_counted() -> None:
    other = decision(number="INFR(2019)0001", title="Conformity with Directive 2010/64/EU")
    _, found, remarks = read(export(decision(), other, other), today=TODAY)
    assert len(found) == 1
    assert [each.rule for each in remarks.notes] == ["2 rows are about other acts and were left out"]


def test_a_semicolon_and_a_line_break_in_a_title_are_read() -> None:
    rows = decision(title=f'"{TITLE}\nsecond line"').replace(",", ";")
    (found,) = decisions(rows, header=HEADER.replace(",", ";"))
    assert found.title.endswith("second line")


@pytest.mark.parametrize(
    ("cells", "claim", "rule"),
    [
        ({"number": "INFR(2004)2100", "title": "text-1"}, "32011L0093", "was opened before the Directive"),
        ({"title": "Directive 2010/64/EU"}, "32011L0093", "contradicts the title, which names 2010/64/EU"),
        ({"title": "text-1"}, "32011L0093", "the title does not name the Directive"),
        ({}, "32010L0064", "contradicts the title, which names 2011/93"),
    ],
)
def test_the_directive_column_is_caught_and_not_believed(cells: dict[str, str], claim: str, rule: str) -> None:
    (found,) = problems(f"{decision()},32011L0093", f"{decision(**(OTHER | cells))},{claim}", header=CLAIM)
    assert (found.row, found.column, found.value) == (3, "directive", claim)
    assert rule in found.rule


def test_a_directive_column_that_agrees_with_the_title_does_no_harm() -> None:
    assert len(decisions(f"{decision()},32011L0093", header=CLAIM)) == 1


@pytest.mark.parametrize(
    ("cells", "column", "rule"),
    [
        ({"number": "2019/2189"}, "number", "INFR(2019)2227"),
        ({"number": "INFR(2004)2100"}, "number", "before the Directive"),
        ({"date": "1001-01-01"}, "date", "1001-01-01 is how the register writes"),
        ({"date": "soon"}, "date", "not a day"),
        ({"date": "2026-11-24"}, "date", "lies after today"),
        ({"date": "2018-07-25"}, "date", "before the year of the case"),
        ({"type": "Rumour"}, "type", "one of: "),
        ({"state": "Atlantis"}, "state", "not a Member State"),
        ({"state": "Denmark"}, "state", "DK is not bound"),
        ({"active": "perhaps"}, "active", "Yes or No"),
        ({"non_communication": ""}, "non_communication", "Yes or No"),
        ({"department": "a\x00b"}, "department", "printable"),
    ],
)
def test_a_row_that_is_wrong_is_refused_by_row_and_column(cells: dict[str, str], column: str, rule: str) -> None:
    (found,) = problems(decision(), decision(**(OTHER | cells)))
    assert (found.row, found.column) == (3, column)
    assert rule in found.rule


def test_the_same_decision_twice_is_refused() -> None:
    (found,) = problems(decision(), decision())
    assert (found.row, found.rule) == (3, "the decision stands twice: see row 2")


def test_one_case_cannot_be_of_two_states() -> None:
    (found,) = problems(decision(), decision(state="Bulgaria", type="Closing"))
    assert (found.row, found.column) == (3, "state")


def test_a_number_that_is_unusual_for_its_kind_is_noted_and_kept() -> None:
    _, found, remarks = read(export(decision(), decision(number="INFR(2019)0189")), today=TODAY)
    assert len(found) == 2
    assert [(each.row, each.column) for each in remarks.notes] == [(3, "non_communication")]


def test_a_state_that_has_left_is_left_out() -> None:
    assert len(decisions(decision(), decision(number="INFR(2019)2191", state="United Kingdom"))) == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        ("München".encode("latin-1"), "not UTF-8 at byte 1"),
        (b"number,date\n", "column 1 is another one"),
        (HEADER.replace("Decision type", "Colour").encode(), "column 3 is another one"),
        ((HEADER + ",Colour").encode(), "a column too many"),
        ((HEADER + ",celex,directive").encode(), "a column too many"),
        (HEADER.encode(), "no row is of a Member State"),
        ((HEADER + "\nonly,three,cells").encode(), "the row has not 10 columns"),
        ((HEADER + '\n"never closed').encode(), "not CSV"),
        ((HEADER + "\n" + "x" * 200_000).encode(), "not CSV"),
    ],
)
def test_a_file_that_is_something_else_is_refused_with_what_to_change(content: bytes, sentence: str) -> None:
    with pytest.raises(ImportRefused, match=sentence.replace("(", r"\(")):
        read(io.BytesIO(content), today=TODAY)


@given(st.text(max_size=200))
def test_no_text_under_the_header_does_anything_but_refuse(text: str) -> None:
    with pytest.raises(ImportRefused):
        read(io.BytesIO(f"{HEADER}\n{text}".encode("utf-8", errors="replace")), today=TODAY)


@given(st.dictionaries(st.sampled_from(["number", "date", "type", "state", "title", "active"]), st.text(max_size=20)))
def test_a_row_is_read_or_refused_with_a_rule(cells: dict[str, str]) -> None:
    quoted = {name: '"' + value.replace('"', '""') + '"' for name, value in cells.items()}
    content = f"{HEADER}\n{decision(**quoted)}".encode("utf-8", errors="replace")
    try:
        (found,) = read(io.BytesIO(content), today=TODAY)[1]
    except ImportRefused as refusal:
        assert all(each.rule for each in refusal.problems)
    else:
        assert found.state == "RO"
