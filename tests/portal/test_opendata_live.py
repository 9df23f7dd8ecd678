"""Tables that this installation keeps: each row says as of when, and what is withheld on a page leaves in no form."""

import csv
import io
import json
from datetime import UTC, date, datetime

import pytest

from tests.portal.conftest import plan, tick
from tutela.portal.opendata_live import LIVE
from tutela.portal.opendata_tables import rows
from tutela.statistics import rules
from tutela.statistics.models import Figure
from tutela.strategy import kept

pytestmark = pytest.mark.django_db
AS_OF = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
COUNTS = {"reports_received": 1_234, "cases_decided_by_two": 3, "referrals_acknowledged": 0}


@pytest.fixture
def _counted(db):
    for definition, value in COUNTS.items():
        Figure.objects.create(
            definition=definition,
            value=value,
            unit=rules.DEFINITIONS[definition].unit,
            period_from=date(2026, 11, 1) if value else None,
            as_of=AS_OF,
        )


def said(reader, form: str) -> str:
    return reader.get(f"/data/figures.{form}").content.decode()


@pytest.mark.usefixtures("_counted")
def test_each_figure_carries_unit_period_definition_source_and_its_time():
    for row, definition in zip(rows("figures"), rules.DEFINITIONS.values(), strict=True):
        assert row["unit"] == definition.unit
        assert row["definition"] == definition.sentence
        assert row["not_counted"] == definition.not_counted
        assert row["source"] == definition.source
        assert row["as_of"] == "2026-11-23T09:30:00+00:00"
        assert row["period_to"] == "2026-11-23"
    assert [row["value"] for row in rows("figures")] == [1_234, None, 0]
    assert [row["period_from"] for row in rows("figures")] == ["2026-11-01", "2026-11-01", None]


@pytest.mark.usefixtures("_counted")
def test_a_small_count_leaves_in_no_form(reader):
    small = list(csv.DictReader(io.StringIO(said(reader, "csv"))))[1]
    assert (small["value"], small["shown"], small["withheld"]) == ("", "1 to 4", "true")
    small = json.loads(said(reader, "json"))["rows"][1]
    assert (small["value"], small["shown"], small["withheld"]) == (None, "1 to 4", True)
    node = json.loads(said(reader, "jsonld"))["@graph"][1]
    assert (node["minValue"], node["maxValue"]) == (1, rules.SMALL_COUNT)
    assert "value" not in node


@pytest.mark.usefixtures("_counted")
def test_linked_data_say_a_figure_in_schema_orgs_words(reader):
    node = json.loads(said(reader, "jsonld"))["@graph"][0]
    assert node["@type"] == "Observation"
    assert (node["value"], node["unitText"], node["observationDate"]) == (1_234, "reports", AS_OF.isoformat())
    anchors = reader.get("/data/figures").content.decode()
    for own in ("not_counted", "source", "period_from", "period_to"):
        assert own in node
        assert f'<dt id="{own}">' in anchors


def test_before_the_first_count_no_value_and_no_time_is_claimed(reader):
    for row in json.loads(said(reader, "json"))["rows"]:
        assert (row["value"], row["shown"], row["as_of"], row["withheld"]) == (None, None, None, False)


def test_a_new_count_is_given_away_at_once(reader):
    assert [row["value"] for row in rows("figures")] == [None, None, None]
    tick()
    assert [row["value"] for row in json.loads(said(reader, "json"))["rows"]] == [0, 0, 0]


def test_gaps_and_where_they_were_looked_for_are_the_kept_ones():
    assert rows("gaps") == rows("looks") == ()
    tick()
    found = kept.newest().found
    assert [row["id"] for row in rows("gaps")] == [each.key for each in found.gaps]
    assert len(rows("looks")) == len(found.looks)
    unmeasured = [row for row in rows("looks") if row["n"] is None]
    assert unmeasured
    assert all(row["gaps"] is None and row["why"] for row in unmeasured)


def test_an_action_says_how_late_it_is_and_on_which_day_that_was_computed():
    plan("RO")
    (row,) = rows("actions")
    assert (row["standing"], row["days_late"], row["owner"], row["state"]) == ("late", 3, "Ministry Example", "RO")
    assert date.fromisoformat(row["as_of"])


@pytest.mark.parametrize("table", LIVE, ids=lambda table: table.name)
def test_an_empty_table_is_still_a_table(reader, table):
    text = reader.get(f"/data/{table.name}.csv").content.decode()
    assert text.splitlines()[0] == ",".join(table.columns)
