"""A policy officer finds, at the console, what so far only a command could; the matrix shows it, the list keeps it."""

import pytest

from tests.compliance.stories import ARTICLE, binding, import_nim
from tests.console.desks import SOURCE, Desk, policy_officer
from tests.console.scenes import address, signed_in
from tutela.audit.models import Leaf
from tutela.compliance.models import ArticleMeasure, Finding

pytestmark = pytest.mark.django_db
SAID = {"verdict": "partly", "reason": "text-3", "source_url": SOURCE, "certainty": "verified", "on": "2026-11-01"}
ASPECT = {"how": "text-4", "source_url": SOURCE, "certainty": "secondary", "on": "2026-11-01"}


@pytest.fixture
def petra():
    return policy_officer()


def test_a_finding_has_its_author_and_the_newer_replaces_the_older_on_the_cells_own_page(petra):
    desk = Desk(petra, "findings")
    page = desk.does("find", provision=ARTICLE, state="RO", **SAID)
    assert "Article 22 in Romania" in page and "Petra, Policy Body Example" in page
    cell = Desk(petra, "finding_cell", provision=ARTICLE, state="RO")
    page = cell.does("find", **SAID | {"verdict": "conform", "certainty": "secondary"})
    assert [one.verdict for one in Finding.objects.order_by("pk")] == ["partly", "conform"]
    assert "replaced on" in page and "in force" in page and "from a secondary source" in page
    assert Leaf.objects.filter(action="compliance.found").count() == 2


def test_the_cell_leads_to_the_page_everybody_reads_and_the_list_to_the_cell(petra):
    cell = Desk(petra, "finding_cell", provision=ARTICLE, state="RO")
    cell.does("find", **SAID)
    public = f"/law/matrix/{ARTICLE}/RO"
    assert f'href="{public}"' in cell.read()
    assert "text-3" in cell.client.get(public).content.decode()
    assert f'href="{cell.path}"' in Desk(petra, "findings").read()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"source_url": "nowhere"}, "Name the source by its address"),
        ({"on": "2036-01-01"}, "The day of the finding lies between"),
        ({"on": "1001-99-01"}, "Enter a valid date"),
        ({"certainty": "memory"}, "Select a valid choice"),
        ({"verdict": "splendid"}, "Select a valid choice"),
        ({"measures": "72011L0093FRA_1"}, "72011L0093FRA_1"),
        ({"source_url": "https://x.example/\x00"}, "Null characters are not allowed"),
    ],
)
def test_what_is_wrong_comes_back_with_everything_that_was_written(petra, wrong, says):
    text = Desk(petra, "finding_cell", provision=ARTICLE, state="RO").is_refused("find", **SAID | wrong)
    assert says in text and "text-3" in text
    assert not Finding.objects.exists()


@pytest.mark.parametrize(("provision", "state"), [(ARTICLE, "DK"), (ARTICLE, "ro"), ("dir-2011-93:rec-1", "RO")])
def test_there_is_no_cell_where_nothing_is_owed(petra, provision, state):
    path = address("finding_cell", provision=provision, state=state)
    assert signed_in(petra.person).get(path).status_code == 404


def test_a_finding_names_the_measures_that_its_page_lists(petra):
    import_nim(binding(1), by=petra.actor)
    cell = Desk(petra, "finding_cell", provision=ARTICLE, state="RO")
    assert "72011L0093ROU_201400001" in cell.read()
    cell.does("find", **SAID, measures="72011L0093ROU_201400001")
    assert Finding.objects.get().measures == ["72011L0093ROU_201400001"]


def test_the_list_is_filtered_and_a_word_that_is_none_filters_nothing(petra):
    desk = Desk(petra, "findings")
    for state in ("RO", "BG"):
        desk.does("find", provision=ARTICLE, state=state, **SAID)
    desk.does("find", provision=ARTICLE, state="RO", **SAID | {"verdict": "not"})
    assert "Findings, the newest first: 2" in desk.read()
    assert "Findings, the newest first: 1" in desk.read(state="RO")
    assert "Findings, the newest first: 2" in desk.read(state="RO", replaced="on")
    assert "There is none." in desk.read(verdict="conform")
    for bad in ("\x00", "R\x00", "ZZ", "ROO", "é", "x" * 5_000):
        assert "Findings, the newest first: 2" in desk.read(state=bad, provision=bad, verdict=bad)


def test_article_25_is_recorded_aspect_by_aspect(petra):
    desk = Desk(petra, "article_25_state", state="IT")
    assert "Say first that IT blocks" in desk.is_refused("aspect", aspect="judicial_redress", answer="yes", **ASPECT)
    desk.does("aspect", aspect="blocking", answer="yes", **ASPECT)
    desk.does("aspect", aspect="judicial_redress", answer="yes", **ASPECT)
    desk.does("aspect", aspect="blocking", answer="no", **ASPECT)
    assert [each.aspect for each in ArticleMeasure.objects.filter(replaced_at=None)] == ["blocking"]
    assert desk.read().count("replaced on") == 2
    assert f'href="{desk.path}"' in Desk(petra, "article_25").read()
    assert signed_in(petra.person).get(address("article_25_state", state="DK")).status_code == 404
