"""The policy officers' and the providers' pages in a real browser: whole, read aloud, and worked by keys alone."""

import re

import pytest

pytest.importorskip("playwright", reason="playwright is not installed")

from playwright.sync_api import expect

from tests.browser import browser, site, visit
from tests.compliance.stories import ARTICLE, binding, evidence, find, nim
from tests.console.scenes import World, address
from tests.console.test_pages_in_a_browser import as_member
from tutela.compliance.models import Batch, Finding
from tutela.compliance.rules import Verdict

__all__ = ["browser", "site", "visit"]
pytestmark = pytest.mark.browser
UNFOLD = "document.querySelectorAll('details').forEach(each => each.open = true)"
REFUSED = "Failed to load resource: the server responded with a status of 422 (Unprocessable Entity)"


def pages_of(world: World) -> dict[str, list[str]]:
    papers = world.papers
    return {
        "policy": [
            address("home"),
            address("findings"),
            address("finding_cell", provision=ARTICLE, state="FR"),
            address("article_25"),
            address("article_25_state", state="FR"),
            address("imports"),
            address("batch", number=papers.batch.pk),
            address("gaps") + "?state=DK",
            address("acting"),
            address("action", number=papers.actions[0].pk),
            address("practices"),
            address("statistics"),
            address("capabilities"),
            address("assessment", number=papers.assessment.pk),
            address("partners"),
            address("partner", number=papers.partner.pk),
        ],
        "policy of the Union": [
            address("forum"),
            address("meeting", number=papers.meeting.pk),
            address("decision", number=papers.decision.pk),
            address("commitments"),
            address("commitment", number=papers.commitment.pk),
        ],
        "provider": [
            address("conditions"),
            address("condition", condition="C02"),
            address("technologies"),
            address("technology", number=papers.technologies[0].pk),
            address("commitments"),
            address("commitment", number=papers.commitment.pk),
        ],
    }


@pytest.mark.parametrize(
    ("width", "scheme"), [(360, "dark"), pytest.param(1280, "light", marks=pytest.mark.soak)], ids=["small", "large"]
)
def test_every_desk_is_whole_with_its_forms_open(visit, width, scheme):
    """The small window is where pages break; the large one is looked at where there is time."""
    world = World()
    find(Verdict.PARTLY, by=world.everybody["policy"].actor, state="FR")
    evidence(world.eva, "C02")
    wrong, pages = [], 0
    for who, paths in pages_of(world).items():
        looking = as_member(visit(width=width, scheme=scheme), world.everybody[who])
        for path in paths:
            looking.go(path).evaluate(UNFOLD)
            wrong += [f"{who} {path} is wider than its window"] * looking.is_wider_than_its_window()
            wrong += [f"{who} {path}: {each}" for each in looking.axe()]
            looking.photograph(re.sub(r"[^a-z0-9]+", "-", f"{who}{path}-{width}"))
            pages += 1
        wrong += looking.complaints + looking.third_party
    assert (pages, wrong) == (27, [])


def test_a_finding_is_recorded_by_keys_alone_and_without_a_script(visit):
    world = World()
    looking = as_member(visit(java_script_enabled=False), world.everybody["policy"])
    page = looking.go(address("finding_cell", provision=ARTICLE, state="FR"))
    page.locator("summary", has_text="Record a finding").focus()
    keys = page.keyboard
    for typed in ("Enter", "Tab", "p", "Tab"):
        keys.press(typed)
    keys.type("text-1")
    keys.press("Tab")
    keys.type("nowhere")
    page.locator("[name=find-on]").fill("2026-11-01")
    page.get_by_role("button", name="Record").focus()
    keys.press("Enter")
    assert "Name the source by its address" in page.get_by_role("alert").inner_text()
    assert page.locator("[name=find-reason]").input_value() == "text-1" and not Finding.objects.exists()
    page.locator("[name=find-source_url]").fill("https://source.example/1")
    page.locator("[name=find-source_url]").press("Enter")
    page.get_by_text("Written down: dir-2011-93:art-22 in FR.").wait_for()
    assert Finding.objects.get().verdict == "partly"


def test_a_refused_file_is_shown_row_by_row_and_the_corrected_one_is_taken_over(visit):
    world = World()
    looking = as_member(visit(width=360), world.everybody["policy"])
    page = looking.go(address("imports"))
    page.get_by_text("Import notified measures").click()
    page.locator("[name=measures-source]").fill("text-source")
    for content in (nim(binding(2, notified="1001-13-01"), binding(3)), nim(binding(2), binding(3))):
        page.locator("[name=measures-file]").set_input_files(
            {"name": "measures.json", "mimeType": "application/json", "buffer": content.read()}
        )
        page.locator("#measures button").click()
        page.wait_for_load_state()
        if page.get_by_role("alert").count():
            refused = page.get_by_role("region", name="What must be changed in the file")
            assert "1001-13-01" in refused.inner_text() and looking.axe() == []
            assert not looking.is_wider_than_its_window() and Batch.objects.count() == 1
    page.get_by_text("Taken over: 2 rows of measures.json").wait_for()
    assert Batch.objects.in_force().get().rows == 2
    assert looking.complaints == [REFUSED]


def test_a_filter_swaps_the_list_in_place(visit):
    world = World()
    looking = as_member(visit(), world.everybody["policy"])
    page = looking.go(address("acting"))
    assert page.locator("#found tbody tr").count() == 2
    page.select_option("[name=country]", "EU")
    expect(page.locator("#found tbody tr")).to_have_count(1)
    assert "country=EU" in page.url and looking.complaints == []
