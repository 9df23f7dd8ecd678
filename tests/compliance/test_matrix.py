"""One query, and a status with its reasons for each article in each state."""

import csv
import io
import json

import pytest
from openpyxl import load_workbook

from tests.compliance.stories import (
    ARTICLE,
    TODAY,
    binding,
    decision,
    find,
    import_nim,
    import_register,
    policy_officer,
)
from tutela.compliance import tables
from tutela.compliance.gaps import Kind
from tutela.compliance.matrix import Cell, Status
from tutela.compliance.rules import Refused, Verdict, owed
from tutela.law.authorities import MEMBER_STATES

pytestmark = pytest.mark.django_db
ORIGIN = "https://house.example/"
MEASURE = "72011L0093ROU_201400001"


@pytest.fixture
def petra():
    return policy_officer().actor


def cell(state: str = "RO", provision: str = ARTICLE) -> Cell:
    (found,) = tables.matrix(states=[state], provisions=[provision]).cells
    return found


def test_every_article_addressed_to_the_states_stands_in_it_27_times() -> None:
    found = tables.matrix()
    assert (len(found.provisions), len(found.states)) == (94, 27)
    assert len(found.cells) == 94 * 27
    assert len({each.address for each in found.cells}) == len(found.cells)


def test_a_recital_a_duty_of_the_commission_and_a_closing_formula_do_not() -> None:
    others = ("rec-28", "art-28-1", "art-1", "art-26", "art-29", "art-30")
    assert {f"dir-2011-93:{each}" for each in others} & set(owed()) == set()
    assert "dir-2011-93:art-27-1" in owed()


def test_it_is_one_query(petra, django_assert_num_queries) -> None:
    import_nim(binding(1), binding(2, "BGR"), by=petra)
    import_register(decision(), by=petra)
    find(Verdict.NOT, by=petra)
    with django_assert_num_queries(1):
        tables.matrix()


def test_denmark_is_not_bound_whatever_was_imported(petra) -> None:
    import_nim(binding(1), by=petra)
    found = tables.matrix(states=["DK"]).cells
    assert {each.status for each in found} == {Status.NOT_BOUND}
    assert {len(each.reasons) for each in found} == {1}


def test_before_an_import_nothing_is_claimed() -> None:
    counts = tables.matrix().counts
    assert counts[Status.NOT_IMPORTED] == 94 * 26
    assert counts[Status.NONE_NOTIFIED] == 0


def test_none_in_the_register_is_said_of_the_register_and_never_of_the_law(petra) -> None:
    batch = import_nim(binding(1, "BGR"), by=petra)
    found = cell()
    assert found.status is Status.NONE_NOTIFIED
    assert found.reasons[0].sentence.endswith("(0); its law may still do what the article asks.")
    assert found.reasons[0].records == (f"batch:{batch.pk}",)


def test_a_measure_for_the_whole_directive_is_not_a_measure_for_the_article(petra) -> None:
    import_nim(binding(1), binding(2), by=petra)
    found = cell()
    assert found.status is Status.NOT_EXAMINED
    assert found.reasons[0].sentence.startswith("Measures notified for the whole Directive: 2;")


@pytest.mark.parametrize(
    ("verdict", "status"),
    [
        (Verdict.CONFORM, Status.CONFORM),
        (Verdict.PARTLY, Status.PARTLY),
        (Verdict.NOT, Status.NOT),
        (Verdict.UNKNOWN, Status.UNKNOWN),
    ],
)
def test_a_finding_decides_its_cell_and_no_other(petra, verdict, status) -> None:
    finding = find(verdict, by=petra)
    assert cell().status is status
    assert cell().reasons[0].records == (f"finding:{finding.pk}",)
    assert tables.matrix().counts[status] == 1


def test_a_pending_procedure_is_a_reason_and_a_closed_one_is_not() -> None:
    records = [record for each in cell("RO").reasons for record in each.records]
    assert records == ["procedure:infr-2019-2189:event-1", "procedure:infr-2019-2189:event-2"]


def test_each_cell_has_its_address() -> None:
    assert cell().address == "/law/matrix/dir-2011-93:art-22/RO"


def test_filters_let_through_what_they_name_and_nothing_else(petra) -> None:
    find(Verdict.NOT, by=petra)
    assert {each.state for each in tables.matrix(states=["RO", "EL"]).cells} == {"RO", "EL"}
    assert {each.theme for each in tables.matrix(themes=["prevention"]).provisions} == {"prevention"}
    assert [each.address for each in tables.matrix(statuses=["not"]).cells] == [cell().address]
    assert tables.matrix(states=["XX"]).cells == ()


def test_the_gaps_of_a_state_name_the_records_that_cause_them(petra) -> None:
    batch = import_nim(binding(1), by=petra)
    finding = find(Verdict.PARTLY, by=petra, measures=(MEASURE,))
    found = tables.gaps("RO")
    assert (found.provisions, found.examined, found.not_known) == (94, 1, ())
    by_kind = {each.kind: each for each in found.gaps}
    assert by_kind[Kind.NEGATIVE_FINDING].records == (f"finding:{finding.pk}", f"measure:{MEASURE}")
    assert by_kind[Kind.WITHOUT_MEASURE].records == (f"batch:{batch.pk}",)
    assert by_kind[Kind.PROCEDURE_UNKNOWN].records[0] == "procedure:infr-2019-2189"
    assert Kind.PROCEDURE_OPEN not in by_kind


def test_an_open_case_is_an_open_gap(petra) -> None:
    import_register(decision(), by=petra)
    kinds = [each.kind for each in tables.gaps("RO").gaps]
    assert kinds == [Kind.PROCEDURE_OPEN]


def test_without_an_import_the_gaps_say_what_is_not_known() -> None:
    found = tables.gaps("NL")
    assert (found.gaps, found.examined, found.provisions) == ((), 0, 94)
    assert len(found.not_known) == 1


def test_what_a_state_may_leave_out_and_what_conforms_is_no_gap(petra) -> None:
    import_nim(binding(1), by=petra)
    find(Verdict.CONFORM, by=petra)
    missing = {each.provision for each in tables.gaps("RO").gaps}
    assert ARTICLE not in missing
    optional = {each.id for each in owed().values() if each.optional}
    assert optional
    assert optional & missing == set()
    assert len(missing - {""}) == 94 - len(optional) - 1


@pytest.mark.parametrize("state", ["DK", "GR", "", "XX"])
def test_no_gaps_of_a_state_that_is_not_bound_or_not_one(state) -> None:
    with pytest.raises(Refused):
        tables.gaps(state)


def test_the_three_files_hold_the_same_rows(petra, tmp_path) -> None:
    import_nim(binding(1), by=petra)
    find(Verdict.NOT, by=petra)
    found = tables.matrix(states=["RO", "DK"])
    for ending in tables.WRITERS:
        tables.write_file(found, tmp_path / f"matrix{ending}", as_of=TODAY, origin=ORIGIN)
    rows = list(csv.reader(io.StringIO((tmp_path / "matrix.csv").read_text(encoding="utf-8-sig"))))
    whole = json.loads((tmp_path / "matrix.json").read_bytes())
    sheet = list(load_workbook(tmp_path / "matrix.xlsx").active.iter_rows(values_only=True))
    assert len(rows) == len(sheet) == len(whole["rows"]) + 1 == 189
    assert tuple(rows[0]) == sheet[0] == tuple(whole["rows"][0]) == tables.COLUMNS
    at = tables.COLUMNS.index("address")
    assert (
        [each[at] for each in rows[1:]]
        == [each[at] for each in sheet[1:]]
        == [each["address"] for each in whole["rows"]]
    )
    assert rows[1][at] == f"https://house.example/law/matrix/{found.cells[0].provision.id}/DK"
    assert (rows[1][3], rows[-1][-1]) == ("false", "2026-11-23")
    assert whole["counts"] == {str(status): number for status, number in found.counts.items()}
    assert sum(whole["counts"].values()) == whole["cells"] == 188


def test_a_text_that_looks_like_a_formula_stays_a_text(petra, tmp_path, monkeypatch) -> None:
    find(Verdict.NOT, by=petra)
    found = tables.matrix(states=["RO"], provisions=[ARTICLE])
    row = next(tables.as_rows(found, TODAY, ORIGIN))
    monkeypatch.setattr(tables, "as_rows", lambda *_: [row | {"reasons": "=1+1"}])
    for ending in (".csv", ".xlsx"):
        tables.write_file(found, tmp_path / f"matrix{ending}", as_of=TODAY, origin=ORIGIN)
    assert ",'=1+1," in (tmp_path / "matrix.csv").read_text(encoding="utf-8-sig")
    cells = {each.value: each.data_type for each in list(load_workbook(tmp_path / "matrix.xlsx").active.rows)[1]}
    assert cells["=1+1"] == "s"


def test_the_states_stand_in_the_order_of_their_codes() -> None:
    assert tables.matrix().states == MEMBER_STATES
