"""Each process from the front page to its end with nothing but a keyboard."""

import pytest

from tests.browser import Visit, browser, served, visit  # noqa: F401
from tests.portal.furnished import furnish

pytestmark = pytest.mark.browser
PRESSES = 120


@pytest.fixture(scope="module")
def follow(shared_database) -> str:
    return furnish()


@pytest.fixture(scope="module")
def site(follow):
    with served() as origin:
        yield origin


def reach(reader: Visit, selector: str) -> None:
    """Tab until the element has the focus; it must be seen to have it."""
    page = reader.page
    for _ in range(PRESSES):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            outline = "getComputedStyle(document.activeElement).outlineStyle"
            assert page.evaluate(outline) != "none", f"{selector} has the focus and does not show it"
            return
    raise AssertionError(f"{selector} is not reached on {page.url}")


def follow_link(reader: Visit, to: str) -> None:
    reach(reader, f'a[href="{to}"]')
    reader.page.keyboard.press("Enter")
    reader.page.wait_for_url(reader.origin + to)


def test_the_first_press_of_tab_leads_past_the_navigation(visit):  # noqa: F811
    page = visit().go("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "/danger"


def test_every_way_from_the_front_page(visit):  # noqa: F811
    reader = visit()
    ways = ("/danger", "/help", "/report", "/initiatives/8", "/numbers", "/about", "/law", "/readers", "/practices")
    for to in ways:
        reader.go("/")
        follow_link(reader, to)


def test_report_what_one_saw(visit):  # noqa: F811
    reader = visit()
    reader.go("/")
    follow_link(reader, "/report")
    reach(reader, 'a[href="tel:112"]')
    reach(reader, 'main .cards a[href^="https://"]')
    reach(reader, ".leave a")


def test_follow_a_report_after_mistyping_its_token(visit, follow):  # noqa: F811
    reader = visit()
    page = reader.go("/")
    follow_link(reader, "/follow")
    reach(reader, "#token")
    page.keyboard.type("not a token")
    page.keyboard.press("Enter")
    page.get_by_text("This is not a token").wait_for()
    reach(reader, "#token[aria-invalid=true]")
    page.keyboard.type(follow.rpartition("/")[2])
    reach(reader, "main button")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="What became of this report").wait_for()


def test_ask_what_applies_on_a_day(visit):  # noqa: F811
    reader = visit()
    page = reader.go("/")
    follow_link(reader, "/law")
    follow_link(reader, "/law/today")
    reach(reader, "#on")
    page.keyboard.type("05012026")
    reach(reader, "#purpose")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.value") == "detection"
    reach(reader, "main button")
    page.keyboard.press("Enter")
    page.get_by_text("No legal basis: this is refused.").wait_for()
    assert "on=2026-05-01" in page.url


def test_filter_the_matrix_and_open_a_cell(visit):  # noqa: F811
    reader = visit()
    page = reader.go("/law")
    follow_link(reader, "/law/matrix")
    reach(reader, "#state")
    page.keyboard.type("Romania")
    reach(reader, "#theme")
    page.keyboard.type("Prevention")
    reach(reader, "main button")
    page.keyboard.press("Enter")
    page.wait_for_url("**state=RO&theme=prevention**")
    reach(reader, 'main a[href$="/RO"]')
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="in Romania").first.wait_for()


def test_find_what_is_missing_in_a_state_why_and_what_answers_it(visit):  # noqa: F811
    reader = visit()
    page = reader.go("/")
    follow_link(reader, "/gaps")
    reach(reader, "#state")
    page.keyboard.type("Romania")
    reach(reader, "main button")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="What is missing in Romania").wait_for()
    follow_link(reader, "/law/matrix/dir-2011-93:art-22/RO")
    page.get_by_role("heading", name="Article 22 in Romania").wait_for()
    page.go_back()
    follow_link(reader, "/practices#practice:prevent-it")


def test_find_what_is_late_and_who_owes_it(visit):  # noqa: F811
    reader = visit()
    page = reader.go("/")
    follow_link(reader, "/actions?standing=late")
    page.get_by_text("Ministry Example, Romania").first.wait_for()
    reach(reader, "#standing")
    page.keyboard.press("Home")
    reach(reader, "main button")
    page.keyboard.press("Enter")
    page.wait_for_url("**standing=")


def test_switch_the_language_and_back(visit, settings):  # noqa: F811
    settings.LANGUAGES = [("en", "English"), ("ro", "Română")]
    reader = visit()
    reader.go("/actions?state=RO")
    follow_link(reader, "/ro/actions?state=RO")
    assert reader.page.evaluate("document.documentElement.lang") == "ro"
    reach(reader, 'a[hreflang="en"]')
    reader.page.keyboard.press("Enter")
    reader.page.wait_for_url(reader.origin + "/actions?state=RO")
