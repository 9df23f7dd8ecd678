"""Each public page in a real browser: light and dark, narrow and wide, on paper and without JavaScript."""

import os
from itertools import product

import pytest

from tests.browser import SCHEMES, WIDTHS, browser, served, visit  # noqa: F401
from tests.portal.furnished import furnish
from tests.portal.pages import FURNISHED, NOT_FOUND, PAGES, SHAPES

pytestmark = pytest.mark.browser
ALL = (*SHAPES, *FURNISHED, NOT_FOUND[0])
FIRST_VISIT_BYTES = 150_000
NARROW, WIDE = WIDTHS
# Whoever wants pictures gets every page in all four looks; two of them hold every width and every colour.
WITH_PICTURES = bool(os.environ.get("TUTELA_SCREENSHOTS"))
LOOKED_AT = (*PAGES, *ALL) if WITH_PICTURES else ALL
LOOKS = tuple(product(WIDTHS, SCHEMES)) if WITH_PICTURES else tuple(zip(WIDTHS, SCHEMES, strict=True))
TOUCHED = ("color-contrast", "scrollable-region-focusable", "target-size", "region")
# A browser notes every answer that is not 200; those two are asked for on purpose.
ASKED_FOR = ("404", "422")


@pytest.fixture(scope="module")
def follow(shared_database) -> str:
    """One house for all of these, with something on every page; the way of the report that was sent to it."""
    return furnish()


@pytest.fixture(scope="module")
def site(follow):
    with served() as origin:
        yield origin


def name(path: str) -> str:
    return path.strip("/").replace("/", "-").replace("?", "-") or "front"


def test_axe_finds_nothing_on_any_page_in_any_state(visit, follow):  # noqa: F811
    """All rules once; then, in every other look, those that a wider window or other colours touch."""
    reader = visit()
    found = {}
    for shown, path in ({path: path for path in LOOKED_AT} | {"/follow/token": follow}).items():
        page = reader.go(path)
        violations = []
        for number, (width, scheme) in enumerate(LOOKS):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)
            reader.photograph(f"{name(shown)}-{width}-{scheme}")
            violations += reader.axe(*(TOUCHED if number else ()))
        if violations:
            found[shown] = violations
    assert found == {}


def test_axe_would_notice_a_label_that_was_removed_and_a_colour_that_is_too_faint(visit):  # noqa: F811
    reader = visit()
    page = reader.go("/follow")
    page.evaluate("document.querySelector('label').remove()")
    assert any(line.startswith("label:") for line in reader.axe())
    page.emulate_media(color_scheme="dark")
    page.evaluate("document.querySelector('h1').style.color = '#222'")
    assert [line.partition(":")[0] for line in reader.axe("color-contrast")] == ["color-contrast"]


def test_a_page_that_failed_would_be_noticed_though_it_says_so_well(visit, monkeypatch):  # noqa: F811
    monkeypatch.setattr("tutela.portal.initiatives.page", lambda *_: 1 / 0)
    with pytest.raises(AssertionError, match="500"):
        visit().go("/initiatives")


def test_no_page_is_wider_than_its_window_nor_asks_another_site_nor_keeps_anything(visit):  # noqa: F811
    """At both widths, and with text twice as large in a narrow one."""
    reader = visit(width=WIDE)
    for path in ALL:
        page = reader.go(path)
        for width, text in ((WIDE, "100%"), (NARROW, "100%"), (640, "200%")):
            page.set_viewport_size({"width": width, "height": 800})
            page.evaluate("size => document.documentElement.style.setProperty('font-size', size)", text)
            assert not reader.is_wider_than_its_window(), (path, width, text)
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert len(reader.requests) >= len(ALL)
    assert reader.third_party == []
    assert reader.page.context.cookies() == []
    assert [said for said in reader.complaints if not any(code in said for code in ASKED_FOR)] == []


def test_the_first_visit_is_light(visit):  # noqa: F811
    reader = visit()
    sizes = []
    reader.page.on("response", lambda answer: sizes.append(len(answer.body())))
    reader.go("/").wait_for_load_state("networkidle")
    assert len(sizes) >= 2
    assert sum(sizes) < FIRST_VISIT_BYTES, sizes


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
    assert not page.get_by_role("link", name="Skip to the content").is_visible()
    after = "getComputedStyle(document.querySelector('.source a[href^=http]'), '::after').content"
    assert "http" in page.evaluate(after), "on paper a source is no link: its address must be printed"
