"""A language is part of the address: it can be shared, and nobody needs a cookie."""

import re
from html import unescape

import pytest

from tests.portal.conftest import tick

pytestmark = pytest.mark.django_db


@pytest.fixture
def _two_languages(settings):
    settings.LANGUAGES = [("en", "English"), ("ro", "Română")]


def switch(reader, path: str) -> dict[str, str]:
    text = unescape(reader.get(path).content.decode())
    found = re.findall(r'<a href="([^"]*)" lang="\w+" hreflang="(\w+)"', text)
    return {code: address for address, code in found}


@pytest.mark.usefixtures("_two_languages")
@pytest.mark.parametrize("path", ["/", "/initiatives/3", "/law/matrix?state=RO", "/law/dir-2011-93", "/help"])
def test_the_switch_leads_to_the_same_page_in_the_other_language_and_back(reader, path):
    assert switch(reader, path) == {"en": path, "ro": f"/ro{path}"}
    assert switch(reader, f"/ro{path}") == {"en": path, "ro": f"/ro{path}"}


@pytest.mark.usefixtures("_two_languages")
@pytest.mark.parametrize(
    "path", ["/", "/law/matrix", "/law/matrix?state=RO", "/initiatives/1", "/gaps?state=RO", "/readers"]
)
def test_whoever_chose_a_language_stays_in_it(reader, path):
    tick()
    answer = reader.get(f"/ro{path}")
    text = answer.content.decode()
    assert '<html lang="ro">' in text
    assert not answer.cookies
    elsewhere = ("http", "#", "?", "/ro/", "/static/", "/console/", "tel:")
    links = re.findall(r'<(?:a|form)[^>]* (?:href|action)="([^"]*)"(?![^>]* hreflang)', text)
    assert len(links) > 15
    assert [each for each in links if not each.startswith(elsewhere)] == []


def test_english_is_spoken_without_a_prefix_whatever_a_browser_asks_for(reader):
    answer = reader.get("/", headers={"Accept-Language": "ro"})
    assert '<html lang="en">' in answer.content.decode()
    assert switch(reader, "/") == {"en": "/"}
    assert reader.get("/ro/").status_code == 404
