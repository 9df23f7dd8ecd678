"""Petra imports and finds; anyone reads the cell, its reasons and its neighbours. Not known stays not known."""

import csv
import io
import json
import re
from html import unescape

import pytest
from django.conf import settings

from tests.compliance import stories
from tutela.compliance import actions, tables
from tutela.compliance.matrix import Status
from tutela.compliance.rules import Answer, Aspect, Verdict, owed
from tutela.law.authorities import MEMBER_STATES
from tutela.law.dates import today
from tutela.law.procedures import Step
from tutela.portal import law_map, law_matrix
from tutela.portal.law_words import ANSWERS, ASPECTS, CELLS, CELLS_IN_FULL, STEPS, THEMES

pytestmark = pytest.mark.django_db
ARTICLE = "dir-2011-93:art-25-1"


def words(reader, path: str) -> str:
    return unescape(reader.get(path).content.decode())


def cells(reader, query: str = "") -> set[str]:
    return set(re.findall(r'href="(/law/matrix/[^"]+)"', reader.get(f"/law/matrix{query}").content.decode()))


def found(verdict: Verdict, state: str = "RO", certainty: str = "verified") -> None:
    actions.record_finding(
        provision=ARTICLE,
        state=state,
        verdict=verdict,
        reason="text-1",
        source_url="https://source.example/1",
        on=stories.TODAY,
        certainty=certainty,
        by=stories.policy_officer(state).actor,
    )


def test_every_cell_is_on_one_of_the_pages(reader):
    pages = {int(number) for number in re.findall(r"[?&;]page=(\d+)", words(reader, "/law/matrix"))}
    everything = set().union(*(cells(reader, f"?page={number}") for number in pages))
    assert everything == {f"/law/matrix/{article}/{state}" for article in owed() for state in MEMBER_STATES}


def test_a_row_and_a_column_can_be_chosen(reader):
    assert cells(reader, f"?provision={ARTICLE}") == {f"/law/matrix/{ARTICLE}/{state}" for state in MEMBER_STATES}
    assert cells(reader, "?state=RO") == {f"/law/matrix/{article}/RO" for article in owed()}
    assert cells(reader, "?theme=online&state=RO") == {
        f"/law/matrix/{article}/RO" for article, each in owed().items() if each.theme == "online"
    }


def test_before_an_import_nothing_is_known_and_the_page_says_so(reader):
    bound = len(MEMBER_STATES) - 1
    text = words(reader, "/law/matrix")
    assert f"<dt>no list: {len(owed()) * bound}</dt>" in text
    assert f"<dt>not bound: {len(owed())}</dt>" in text
    assert "<dt>conform: 0</dt>" in text
    assert "The register's list was not taken over here" in words(reader, f"/law/matrix/{ARTICLE}/RO")


def test_an_import_and_a_finding_are_on_the_page_at_once(reader):
    assert cells(reader, "?status=partly") == set()
    assert "No cell answers this choice (0)." in words(reader, "/law/matrix?status=partly")
    stories.import_nim(stories.binding(1), by=stories.policy_officer("RO").actor)
    assert f"<dt>unread: {len(owed())}</dt>" in words(reader, "/law/matrix")
    assert "1 measure, in the list taken over on" in words(reader, f"/law/matrix/{ARTICLE}/RO")
    found(Verdict.PARTLY)
    assert cells(reader, "?status=partly") == {f"/law/matrix/{ARTICLE}/RO"}
    text = words(reader, f"/law/matrix/{ARTICLE}/RO")
    assert "text-1" in text
    assert 'href="https://source.example/1"' in text
    found(Verdict.CONFORM)
    assert cells(reader, "?status=partly") == set()


@pytest.mark.parametrize(
    ("certainty", "said"), [("verified", "Read at its source."), ("secondary", "From a secondary source.")]
)
def test_what_was_found_says_how_sure_whoever_found_it_is(reader, certainty, said):
    found(Verdict.PARTLY, certainty=certainty)
    (told,) = re.findall(r"<dt>Found</dt><dd>(.*?)</dd>", words(reader, f"/law/matrix/{ARTICLE}/RO"))
    assert [each in told for each in ("Read at its source.", "From a secondary source.")].count(True) == 1
    assert said in told


def test_article_25_is_told_aspect_by_aspect_also_what_nobody_has_answered(reader):
    def aspects(path: str) -> list[tuple[str, str, str]]:
        rows = re.findall(
            r'<tr><th scope="row" class="words">(.*?)</th><td>(.*?)</td><td.*?>(.*?)</td>', words(reader, path)
        )
        return rows

    removal, blocking = f"/law/matrix/{ARTICLE}/RO", "/law/matrix/dir-2011-93:art-25-2/RO"
    assert [answer for _aspect, answer, _how in aspects(removal)] == ["Not known"] * 2
    assert [answer for _aspect, answer, _how in aspects(blocking)] == ["Not known"] * 5
    assert all("Nobody has said anything" in how for _aspect, _answer, how in aspects(blocking))
    actions.record_article_measure(
        aspect="blocking",
        state="RO",
        answer="no",
        how="text-3",
        source_url="https://source.example/3",
        on=stories.TODAY,
        certainty="secondary",
        by=stories.policy_officer("RO").actor,
    )
    aspect, answer, how = aspects(blocking)[0]
    assert (aspect, answer) == (str(ASPECTS[Aspect.BLOCKING]), "No")
    for said in ("text-3", "23 November 2026", "From a secondary source.", 'href="https://source.example/3"'):
        assert said in how
    assert aspects(f"/law/matrix/{ARTICLE}/DK") == aspects("/law/matrix/dir-2011-93:art-22/RO") == []


def test_every_aspect_and_every_answer_has_words():
    assert (set(ASPECTS), set(ANSWERS)) == (set(Aspect), set(Answer))


def test_the_saboteur_who_keeps_yesterdays_matrix_is_seen(reader, monkeypatch):
    monkeypatch.setattr(law_matrix, "newest", lambda: (0,))
    before = cells(reader, "?status=partly")
    found(Verdict.PARTLY)
    assert cells(reader, "?status=partly") == before == set()
    assert len(tables.matrix(statuses=(Status.PARTLY,)).cells) == 1
    law_matrix._assembled.cache_clear()


def test_denmark_is_not_bound_and_shows_no_gap(reader):
    text = words(reader, f"/law/matrix/{ARTICLE}/DK")
    assert "The Directive does not bind the state." in text
    assert "Infringement procedures" not in text


def test_a_procedure_is_told_step_by_step_with_where_it_was_read(reader):
    standings = tables.matrix(provisions=(ARTICLE,), states=("RO",)).standings["RO"]
    text = words(reader, f"/law/matrix/{ARTICLE}/RO")
    assert standings.procedures
    for procedure in standings.procedures:
        assert procedure.sentence in text
        for event in procedure.events:
            assert str(STEPS[event.step]) in text
            assert event.source_url in text


def test_an_address_that_is_none_is_printed_and_not_linked(reader):
    by = stories.policy_officer("RO").actor
    actions.import_decisions(stories.export(stories.decision()), name="r.csv", source="javascript:text-2", by=by)
    text = reader.get(f"/law/matrix/{ARTICLE}/RO").content.decode()
    assert "text-2" in text
    assert 'href="javascript' not in text


@pytest.mark.parametrize("form", law_matrix.TYPES)
def test_a_download_holds_what_the_choice_holds(reader, form):
    answer = reader.get(f"/law/matrix.{form}?state=RO&theme=online")
    expected = tables.matrix(states=("RO",), themes=("online",)).cells
    assert answer.headers["Content-Type"] == law_matrix.TYPES[form]
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    elif form == "json":
        rows = json.loads(answer.content)["rows"]
    else:
        from openpyxl import load_workbook

        head, *lines = load_workbook(io.BytesIO(answer.content)).active.values
        rows = [dict(zip(head, line, strict=True)) for line in lines]
    assert [row["address"] for row in rows] == [f"{settings.ORIGIN}{each.address}" for each in expected] != []
    assert {row["as_of"] for row in rows} == {today().isoformat()}


@pytest.mark.parametrize(
    ("query", "faults"),
    [
        ("?state=UK", 1),
        ("?state=%00", 1),
        ("?provision=dir-2011-93:rec-1", 1),
        ("?page=0", 1),
        ("?page=%D9%A1", 1),
        ("?page=" + "9" * 5000, 1),
        ("?theme=x&status=conform'--", 2),
    ],
)
def test_a_choice_that_does_not_exist_is_said_in_words(reader, query, faults):
    answer = reader.get(f"/law/matrix{query}")
    assert answer.status_code == 422
    assert len(re.findall(r"<li>“\w+” is", answer.content.decode())) == faults
    said = reader.get(f"/law/matrix.csv{query}")
    assert said.status_code == 422
    assert said.content.decode().count("” is ") == faults


def test_the_map_has_each_state_once_and_no_two_on_one_place():
    assert set(law_map.PLACES) == set(MEMBER_STATES)
    assert len(set(law_map.PLACES.values())) == 27


def test_the_map_and_the_table_beside_it_say_the_same(reader):
    text = words(reader, "/law/matrix")
    for state, standings in tables.matrix().standings.items():
        name = law_matrix.state_names()[state]
        pending = len(standings.pending)
        tile = re.search(rf'<a href="\?state={state}" aria-label="([^"]+)"><rect.*?</a>', text)
        row = re.search(rf'<tr><th scope="row"><a href="\?state={state}">{name}</a></th>(.*?)</tr>', text)[1]
        if standings.bound:
            assert tile[1].startswith(f"{name}: {pending} procedure")
            assert f">{pending}</text>" in tile[0]
            assert row.endswith(f'<td class="number">{pending}</td>')
        else:
            assert "not bound" in tile[1]
            assert "not bound" in row


def test_every_word_of_the_room_has_words_for_readers():
    assert set(CELLS) == set(CELLS_IN_FULL) == set(Status)
    assert len({str(word) for word in CELLS.values()}) == len(CELLS)
    assert set(STEPS) == set(Step)
    assert {each.theme for each in owed().values()} <= set(THEMES)
