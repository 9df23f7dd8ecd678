"""The list of notified measures: each trap of the register, and every way a file can be wrong."""

import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.compliance.stories import COUNTRY, TODAY, VARS, binding, nim
from tutela.compliance.nim import LIMIT_BYTES, Notified, prefix, read
from tutela.compliance.rows import ImportRefused, Remark


def measures(*bindings: object, **more: bool) -> tuple[Notified, ...]:
    return read(nim(*bindings), today=TODAY, **more)[1]


def notes(*bindings: object, **more: bool) -> list[Remark]:
    return read(nim(*bindings), today=TODAY, **more)[2].notes


def problems(*bindings: object) -> list[Remark]:
    with pytest.raises(ImportRefused) as refusal:
        read(nim(*bindings), today=TODAY)
    return list(refusal.value.problems)


def refusal_of(content: bytes) -> str:
    with pytest.raises(ImportRefused) as refusal:
        read(io.BytesIO(content), today=TODAY)
    return str(refusal.value)


def test_a_row_is_a_measure_of_its_state() -> None:
    (found,) = measures(binding(7, msRef="OUG 1/2014", link="https://law.example/1"))
    assert (found.celex, found.state, found.titles) == ("72011L0093ROU_201400007", "RO", ("text-7",))
    assert str(found.notified_on) == "2014-02-03"
    assert (found.national_reference, found.link) == ("OUG 1/2014", "https://law.example/1")


def test_the_prefix_is_the_directives_own() -> None:
    assert prefix() == "72011L0093"


@pytest.mark.parametrize(
    "celex", ["72019L0633ROU_202006400", "7*ROU_202103476", "72011L0093", "72011L0093RO_1", "", "32011L0093"]
)
def test_a_celex_number_that_is_not_of_this_directive_is_refused_by_row_column_and_value(celex: str) -> None:
    (found,) = problems(binding(1), binding(2, nimCelex=celex or None))
    assert (found.row, found.column, found.value) == (2, "nimCelex", celex)
    assert found.rule


def test_the_other_numbers_of_an_act_for_many_directives_are_left_out_when_asked() -> None:
    other = binding(2, nimCelex="72019L0633ROU_202006400")
    assert len(measures(binding(1), other, skip_other_acts=True)) == 1
    assert [each.row for each in notes(binding(1), other, skip_other_acts=True)] == [2]
    with pytest.raises(ImportRefused, match="no row is a measure"):
        measures(other, skip_other_acts=True)


def test_the_null_day_is_not_a_day_and_a_placeholder_is_not_a_text() -> None:
    row = binding(1, ojDate="1001-01-01", title="$BUILD_INFO$")
    (found,) = measures(row)
    assert (found.journal_on, found.titles) == (None, ())
    assert [(each.row, each.column, each.value) for each in notes(row)] == [
        (1, "title", "$BUILD_INFO$"),
        (1, "ojDate", "1001-01-01"),
    ]


@pytest.mark.parametrize("written", ["1001-05-03", "0999-01-01", "2026-11-24", "soon", "2014-13-01", "20140203"])
def test_a_day_that_cannot_be_is_refused(written: str) -> None:
    (found,) = problems(binding(1, notified=written))
    assert (found.column, found.value) == ("notified", written)


def test_a_law_may_enter_into_force_in_the_future() -> None:
    columns = [*VARS, "inForce"]
    file = nim(binding(1, inForce="2027-01-01"), columns=columns)
    assert len(read(file, today=TODAY)[1]) == 1


def test_a_missing_country_is_read_from_the_celex_number_and_noted() -> None:
    row = binding(1, country=None)
    assert [each.state for each in measures(row)] == ["RO"]
    assert [each.column for each in notes(row)] == ["country"]


def test_a_country_that_contradicts_the_celex_number_is_refused() -> None:
    (found,) = problems(binding(1, country=COUNTRY + "BGR"))
    assert (found.column, found.value) == ("country", "BGR")


def test_greece_is_el() -> None:
    assert [each.state for each in measures(binding(1, "GRC"))] == ["EL"]


def test_a_state_that_has_left_and_one_that_is_not_bound_are_left_out_and_noted() -> None:
    rows = (binding(1), binding(2, "GBR"), binding(3, "DNK"))
    assert [each.state for each in measures(*rows)] == ["RO"]
    assert [each.row for each in notes(*rows)] == [2, 3]


@pytest.mark.parametrize("iso3", ["NOR", "XXX"])
def test_a_country_outside_the_union_is_refused(iso3: str) -> None:
    assert [each.rule for each in problems(binding(1, iso3))] == ["not a Member State"]


def test_one_number_for_two_states_is_two_measures_and_a_note() -> None:
    rows = (binding(1), binding(1, "POL"))
    assert [each.state for each in measures(*rows)] == ["RO", "PL"]
    assert [(each.row, each.value) for each in notes(*rows)] == [(2, "72011L0093POL_201400001")]


def test_titles_in_two_languages_are_one_measure() -> None:
    (found,) = measures(binding(1, title="text-a"), binding(1, title="text-b"))
    assert found.titles == ("text-a", "text-b")


def test_a_row_that_stands_twice_is_refused() -> None:
    (found,) = problems(binding(1), binding(2), binding(1))
    assert (found.row, found.value) == (3, "72011L0093ROU_201400001")


def test_two_rows_that_disagree_keep_the_first_and_say_so() -> None:
    rows = (binding(1, notified="2014-02-03"), binding(1, notified="2014-03-04"))
    assert [str(each.notified_on) for each in measures(*rows)] == ["2014-02-03"]
    assert [(each.row, each.value) for each in notes(*rows)] == [(2, "2014-03-04")]


def test_a_republication_and_an_act_older_than_the_directive_are_kept_and_marked() -> None:
    again, older, new = measures(
        binding(1, title="Obwieszczenie text-1"), binding(2, ojDate="1997-06-06"), binding(3, ojDate="2014-01-05")
    )
    assert (again.republication, older.republication) == (True, False)
    assert (older.predates, new.predates, again.predates) == (True, False, False)


@pytest.mark.parametrize(("day", "predates"), [("2011-12-12", True), ("2011-12-13", False)])
def test_an_act_of_the_directives_own_day_does_not_predate_it(day: str, predates: bool) -> None:
    assert [each.predates for each in measures(binding(1, ojDate=day))] == [predates]


def test_a_negative_number_is_refused() -> None:
    (found,) = problems(binding(1, ojNumber="-5"))
    assert (found.column, found.value) == ("ojNumber", "-5")


def test_only_a_web_address_becomes_a_link() -> None:
    assert [each.link for each in measures(binding(1, link="javascript:alert(1)"))] == [""]


def test_every_problem_is_named_not_only_the_first() -> None:
    found = problems(binding(1, notified="soon"), binding(2, nimCelex="x"), 3, binding(4, title="a\x00b"))
    assert [each.row for each in found] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf  \n", "empty"),
        ("é".encode("latin-1"), "not UTF-8 at byte 0"),
        ("{}".encode("utf-16"), "not UTF-8"),
        (b"<html>timeout</html>", "runs out of time"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "not SPARQL results"),
        (b'{"head":{"vars":["nimCelex"]},"results":{"bindings":[]}}', "lacks this column"),
        (b'{"head":{"vars":["country","nimCelex","colour"]},"results":{"bindings":[]}}', "unknown column"),
        (b'{"head":{"vars":["country","nimCelex"]},"results":{"bindings":{}}}', "are lists"),
        (b'{"head":{"vars":["country","nimCelex"]},"results":{"bindings":[]}}', "no row is a measure"),
    ],
)
def test_a_file_that_is_something_else_is_refused_with_what_to_change(content: bytes, sentence: str) -> None:
    assert sentence in refusal_of(content)


def test_of_a_file_of_two_gigabytes_only_the_allowed_part_is_ever_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.truncate(2 * 2**30)
    with path.open("rb") as file, pytest.raises(ImportRefused, match="larger than 16 MiB"):
        read(file, today=TODAY)
    with path.open("rb", buffering=0) as file:
        with pytest.raises(ImportRefused):
            read(file, today=TODAY)  # type: ignore[arg-type]
        assert file.tell() <= LIMIT_BYTES + 1


@given(st.binary(max_size=300))
def test_no_bytes_do_anything_but_refuse(content: bytes) -> None:
    refusal_of(content)


CELL = st.one_of(
    st.none(), st.integers(), st.text(max_size=12), st.dictionaries(st.text(max_size=5), st.text(max_size=5))
)
ROW = st.dictionaries(st.sampled_from([*VARS, "other"]), st.one_of(CELL, st.fixed_dictionaries({"value": CELL})))


@given(st.lists(st.one_of(CELL, ROW), max_size=4))
def test_any_rows_are_read_or_refused_and_a_refusal_names_a_rule(rows: list[object]) -> None:
    content = json.dumps({"head": {"vars": VARS}, "results": {"bindings": [binding(1), *rows]}}).encode()
    try:
        found = read(io.BytesIO(content), today=TODAY)[1]
    except ImportRefused as refusal:
        assert all(each.rule for each in refusal.problems)
    else:
        assert {each.state for each in found} == {"RO"}


@given(st.lists(st.tuples(st.integers(1, 40), st.sampled_from(["ROU", "BGR", "GRC"])), unique=True, min_size=1))
def test_what_is_good_is_read_whole_whatever_its_order(keys: list[tuple[int, str]]) -> None:
    found = measures(*(binding(number, iso3) for number, iso3 in keys))
    assert {each.celex for each in found} == {f"72011L0093{iso3}_2014{number:05}" for number, iso3 in keys}
