"""What a template may hold: every word through gettext, no style or script of its own, one small sheet."""

import re
from pathlib import Path

import pytest

import tutela

HOUSE = Path(tutela.__file__).parent
TEMPLATES = sorted([*HOUSE.glob("portal/templates/**/*.html"), *HOUSE.glob("config/templates/**/*.html")])
# Names and signs that are the same in every language.
SAME_EVERYWHERE = {"Tutela", "UTC", "Ed25519", "CSV", "JSON", "LD"}


def bare_words(text: str) -> list[str]:
    """Words that a reader sees and no translator does."""
    text = re.sub(r"{%\s*blocktranslate.*?endblocktranslate\s*%}", " ", text, flags=re.DOTALL)
    text = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}|<!--.*?-->", " ", text, flags=re.DOTALL)
    text = re.sub(r"<[^>]*>|&\w+;", " ", text, flags=re.DOTALL)
    return [word for word in re.findall(r"[^\W\d_][^\W_]+", text) if word not in SAME_EVERYWHERE]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_word_goes_through_gettext(template):
    assert bare_words(template.read_text()) == []


def test_a_bare_word_is_noticed():
    assert bare_words('<p>{% translate "said" %} forgotten</p>') == ["forgotten"]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_styles_or_scripts_by_itself(template):
    text = template.read_text()
    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)


def test_the_sheet_is_small_and_asks_for_nothing_else():
    sheet = (HOUSE / "config/static/tutela/tutela.css").read_bytes()
    assert len(sheet) < 20_000
    assert b"url(" not in sheet
    assert b"@import" not in sheet


def test_no_picture_but_the_sign_in_the_tab():
    pictures = {".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".ico", ".svg", ".mp4", ".woff2"}
    found = {file.name for file in HOUSE.glob("*/static/**/*") if file.suffix in pictures}
    assert found == {"favicon.svg"}
