"""Each public page in a real browser: light and dark, narrow and wide, by keyboard, on paper and without JavaScript."""

import pytest

from tests.browser import SCHEMES, WIDTHS, Visit, browser, site, visit  # noqa: F401
from tests.portal.pages import NOT_FOUND, SHAPES
from tutela.accounts.policy import HOUSE
from tutela.statistics import actions as statistics

pytestmark = pytest.mark.browser
ALL = (*SHAPES, NOT_FOUND[0])
FIRST_VISIT_BYTES = 150_000


def name(path: str) -> str:
    return path.strip("/").replace("/", "-").replace("?", "-") or "front"


@pytest.fixture(autouse=True)
def _counted(fresh_database):
    statistics.refresh(by=HOUSE)


# Both widths and both schemes; their other two pairings show nothing new to a machine.
@pytest.mark.parametrize(("width", "scheme"), list(zip(WIDTHS, SCHEMES, strict=True)))
def test_axe_finds_nothing_on_any_page(visit, sent, width, scheme):  # noqa: F811
    reader = visit(width=width, scheme=scheme)
    paths = {path: path for path in (*SHAPES, NOT_FOUND[0])} | {"/follow/token": sent[1]}
    found = {}
    for shown, path in paths.items():
        reader.go(path)
        reader.photograph(f"{name(shown)}-{width}-{scheme}")
        if violations := reader.axe():
            found[shown] = violations
    assert found == {}
    assert set(SHAPES) <= set(paths)


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_its_window_nor_asks_another_site_nor_keeps_anything(visit, width):  # noqa: F811
    reader = visit(width=width)
    for path in ALL:
        page = reader.go(path)
        assert not reader.is_wider_than_its_window(), path
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert len(reader.requests) >= len(ALL)
    assert reader.third_party == []
    assert reader.page.context.cookies() == []
    # A browser notes every answer that is not 200; those two are asked for on purpose.
    assert [said for said in reader.complaints if "404" not in said and "422" not in said] == []


def test_text_twice_as_large_still_fits_a_narrow_window(visit):  # noqa: F811
    reader = visit(width=640)
    for path in ALL:
        page = reader.go(path)
        page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")
        assert not reader.is_wider_than_its_window(), path


def test_axe_would_notice_a_label_that_was_removed(visit):  # noqa: F811
    reader = visit()
    page = reader.go("/follow")
    page.evaluate("document.querySelector('label').remove()")
    assert any(line.startswith("label:") for line in reader.axe())


def test_the_first_visit_is_light(visit):  # noqa: F811
    reader = visit()
    sizes = []
    reader.page.on("response", lambda answer: sizes.append(len(answer.body())))
    reader.go("/").wait_for_load_state("networkidle")
    assert len(sizes) >= 2
    assert sum(sizes) < FIRST_VISIT_BYTES, sizes


def test_the_first_press_of_tab_leads_past_the_navigation(visit):  # noqa: F811
    page = visit().go("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "/danger"


def walk(reader: Visit, start: str, to: str) -> bool:
    """Only Tab and Enter: whether the address can be reached from the page."""
    page = reader.go(start)
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('href')") == to:
            page.keyboard.press("Enter")
            page.wait_for_url("**" + to)
            return True
    return False


@pytest.mark.parametrize(
    "to", ["/danger", "/help", "/report", "/initiatives/8", "/numbers", "/about", "/keys", "/law", "/readers"]
)
def test_every_way_from_the_front_page_goes_by_keyboard(visit, to):  # noqa: F811
    assert walk(visit(), "/", to)


def test_everything_can_be_read_without_javascript(visit):  # noqa: F811
    reader = visit(java_script_enabled=False)
    for path in ALL:
        page = reader.go(path)
        assert page.locator("main h1").is_visible(), path
    page = reader.go("/follow")
    page.get_by_label("Token").fill("not.a.token")
    page.get_by_role("button", name="Follow").click()
    assert page.get_by_text("This is not a token").is_visible()


def test_leaving_takes_the_pages_place_in_the_history(visit):  # noqa: F811
    reader = visit()
    reader.go("/about")
    page = reader.go("/help")
    page.route("https://www.wikipedia.org/", lambda route: route.fulfill(body="elsewhere", content_type="text/plain"))
    page.get_by_role("link", name="Leave this page now").click()
    page.wait_for_url("https://www.wikipedia.org/")
    page.go_back()
    assert page.url == reader.origin + "/about"


def test_on_paper_the_words_stay_and_the_navigation_goes(visit):  # noqa: F811
    page = visit().go("/initiatives/2")
    page.emulate_media(media="print")
    assert page.locator("h1").is_visible()
    assert not page.get_by_role("navigation", name="Main").is_visible()
