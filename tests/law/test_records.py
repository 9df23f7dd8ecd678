"""Reading a record: it is right, or it is refused with its place and key; nothing in between."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutela.law.bases import read_basis
from tutela.law.dates import parse_when
from tutela.law.instruments import read_instrument
from tutela.law.records import BadRecord, Table, parse
from tutela.law.sources import Certainty

ROW: dict[str, object] = {
    "id": "basis:test",
    "name": "A test",
    "provision": "dir-2011-93:art-1",
    "services": ["hosting"],
    "purposes": ["detection"],
    "first": date(2024, 1, 1),
    "sentence": "It applies.",
    "source_url": "https://act.example/",
    "checked_on": date(2026, 11, 23),
    "certainty": "verified",
}
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates() | st.datetimes()
VALUES = SCALARS | st.lists(SCALARS, max_size=3) | st.dictionaries(st.text(max_size=5), SCALARS, max_size=2)


@given(key=st.sampled_from(sorted(ROW)) | st.text(max_size=8), value=VALUES)
def test_whatever_is_put_into_a_field_the_record_is_read_or_refused(key: str, value: object) -> None:
    try:
        read = read_basis(Table("t.toml", {**ROW, key: value}))
    except BadRecord as problem:
        assert str(problem).startswith("t.toml")
    else:
        assert read.source.certainty in set(Certainty)


@given(missing=st.sampled_from(sorted(set(ROW) - {"first"})))
def test_a_record_without_one_of_its_fields_is_refused_with_the_fields_name(missing: str) -> None:
    says = "at least one" if missing in {"services", "purposes"} else f"'{missing}'"
    with pytest.raises(BadRecord, match=says):
        read_basis(Table("t.toml", {key: value for key, value in ROW.items() if key != missing}))


@given(text=st.text())
def test_any_text_is_toml_or_refused(text: str) -> None:
    try:
        read_instrument("t", parse("t.toml", text))
    except BadRecord as problem:
        assert str(problem).startswith("t.toml")
    else:
        raise AssertionError("no random text is an instrument")


@given(day=st.dates(min_value=date(1000, 1, 1)))
def test_every_day_lies_in_its_month_and_its_year(day: date) -> None:
    month, year = parse_when(f"{day:%Y-%m}"), parse_when(f"{day.year:04}")
    assert year.first <= month.first <= day <= month.last <= year.last
    assert str(month) == f"{day:%Y-%m}"


def test_a_child_takes_its_provenance_from_the_table_around_it_and_may_say_otherwise() -> None:
    table = parse(
        "t.toml",
        """
        source_url = "https://outer.example/"
        checked_on = 2026-11-23
        certainty = "verified"
        note = "stays outside"
        [[row]]
        [[row]]
        certainty = "secondary"
        source_url = "https://inner.example/"
        """,
    )
    first, second = (each.source() for each in table.tables("row"))
    assert (first.source_url, first.certainty, first.note) == ("https://outer.example/", Certainty.VERIFIED, "")
    assert (second.source_url, second.certainty) == ("https://inner.example/", Certainty.SECONDARY)
    assert second.checked_on == date(2026, 11, 23)
    assert (first.mark, second.mark) == ("", "from a secondary source")
