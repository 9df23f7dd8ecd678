"""The same facts in three forms; nothing unchecked leaves, and a guessed identifier never speaks for the Journal."""

import csv
import io
import json
from datetime import date

import pytest

from tests.portal.conftest import plan, tick
from tutela.law.instruments import all_instruments
from tutela.law.sources import Certainty
from tutela.portal import opendata, opendata_rows
from tutela.portal.opendata_sets import SHIPPED
from tutela.portal.opendata_tables import DATASETS, count, rows

ORIGIN = "http://localhost:8000"
each_table = pytest.mark.parametrize("table", DATASETS, ids=lambda table: table.name)
each_shipped_table = pytest.mark.parametrize("table", SHIPPED, ids=lambda table: table.name)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kept(db):
    plan("RO")
    tick()


def linked(reader, name: str) -> list[dict]:
    return json.loads(reader.get(f"/data/{name}.jsonld").content)["@graph"]


@each_table
def test_csv_json_and_linked_data_hold_the_same_rows(reader, table):
    read = list(csv.DictReader(io.StringIO(reader.get(f"/data/{table.name}.csv").content.decode())))
    said = json.loads(reader.get(f"/data/{table.name}.json").content)
    assert (
        len(read)
        == len(said["rows"])
        == len(linked(reader, table.name))
        == len(rows(table.name))
        == count(table.name)
        > 0
    )
    assert list(read[0]) == list(said["columns"]) == list(said["rows"][0]) == list(table.columns)
    assert all(list(row) == list(table.columns) for row in said["rows"])


@each_shipped_table
def test_every_row_says_where_when_and_how_surely_it_was_read(table):
    for row in rows(table.name):
        assert str(row["source_url"]).startswith("http")
        assert date.fromisoformat(str(row["checked_on"]))
        assert row["certainty"] in {"verified", "secondary"}


def test_the_saboteur_who_gives_unchecked_provisions_away_is_seen(monkeypatch):
    everything = opendata_rows.instruments.provisions
    monkeypatch.setattr(opendata_rows.instruments, "provisions", lambda act: everything(act, include_unverified=True))
    assert {row["certainty"] for row in opendata_rows.duties()} > {"verified", "secondary"}


@each_table
def test_a_row_keeps_one_name(table):
    if "id" in table.columns:
        names = [row["id"] for row in rows(table.name)]
        assert len(names) == len(set(names))


@each_table
def test_every_column_is_explained_under_its_own_anchor(reader, table):
    text = reader.get(f"/data/{table.name}").content.decode()
    for column, meaning in table.columns.items():
        assert f'<dt id="{column}">' in text
        assert str(meaning)


def test_verified_acts_are_named_by_their_eli_and_no_other_is(reader):
    named = {node["legislationIdentifier"]: node["@id"] for node in linked(reader, "instruments")}
    for act in all_instruments():
        verified = act.eli and act.source.certainty is Certainty.VERIFIED
        assert named[act.celex] == (act.eli if verified else f"{ORIGIN}/law/{act.id}")
    assert named["32011L0093"] == "http://data.europa.eu/eli/dir/2011/93/oj"
    assert named["32026R1881"] == f"{ORIGIN}/law/reg-2026-1881"


def test_a_proposal_has_no_legal_force_in_linked_data(reader):
    for node in linked(reader, "instruments"):
        act = next(each for each in all_instruments() if each.celex == node["legislationIdentifier"])
        assert ("legislationLegalForce" in node) is not bool(act.profile)


def test_a_provision_is_part_of_its_act_and_leads_to_its_line(reader):
    node = next(each for each in linked(reader, "provisions") if each["identifier"] == "dir-2011-93:art-25-1")
    assert node["isPartOf"] == {"@id": "http://data.europa.eu/eli/dir/2011/93/oj"}
    path, _, anchor = node["@id"].removeprefix(ORIGIN).partition("#")
    assert f'id="{anchor}"' in reader.get(path).content.decode()


def test_the_catalogue_names_every_table_and_each_address_opens(reader):
    found = json.loads(reader.get("/data/catalogue.jsonld").content)["dataset"]
    assert [each["@id"] for each in found] == [f"{ORIGIN}/data/{table.name}" for table in DATASETS]
    for each in found:
        for form in each["distribution"]:
            answer = reader.get(form["contentUrl"].removeprefix(ORIGIN))
            assert answer.headers["Content-Type"].partition(";")[0] == form["encodingFormat"]


def test_what_a_cell_holds_survives_csv():
    found = [{"a": 'x,"y"\r\nz', "b": None, "c": ["BE", "DK"], "d": True, "e": 0}]
    read = list(csv.reader(io.StringIO(opendata.as_csv(list("abcde"), found).decode(), newline="")))
    assert read == [list("abcde"), ['x,"y"\r\nz', "", "BE DK", "true", "0"]]


def test_only_verified_lines_are_given_away():
    assert {row["certainty"] for row in rows("lines")} == {"verified"}


def test_what_was_not_adopted_is_called_a_proposal_and_has_no_legal_force(reader):
    acts = {each["legislationIdentifier"]: each for each in linked(reader, "instruments")}
    for celex in ("52022PC0209", "52024PC0060"):
        assert acts[celex]["legislationType"] == "Proposal"
        assert "legislationLegalForce" not in acts[celex]
    assert acts["32011L0093"]["legislationType"] == "Directive"
