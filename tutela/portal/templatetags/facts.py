from datetime import date
from functools import lru_cache
from urllib.parse import urlsplit

from django import template
from django.template.loader import render_to_string
from django.urls import translate_url
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from tutela.law.dates import When
from tutela.law.sources import Source
from tutela.portal.law_words import MARKS

register = template.Library()
DAY, MONTH, YEAR = "j F Y", "F Y", "Y"


@register.filter
def when(value: When | date) -> SafeString:
    """As exact as the record and not more: a day, a month or a year."""
    return _when(value, get_language())


@lru_cache(maxsize=4096)
def _when(value: When | date, language: str) -> SafeString:
    first, machine = (value.first, str(value)) if isinstance(value, When) else (value, value.isoformat())
    shape = {10: DAY, 7: MONTH, 4: YEAR}.get(len(machine), DAY)
    return format_html('<time datetime="{}">{}</time>', machine, date_format(first, shape))


@register.simple_tag(takes_context=True)
def in_language(context: template.Context, code: str) -> str:
    """This page's address in another language; itself where it has none."""
    request = context.get("request")
    if request is None:
        return "/"
    # What was typed as a token is never printed again.
    return translate_url(request.path if "token" in request.GET else request.get_full_path(), code)


@register.filter
def mark(record: Source) -> str:
    """How sure we are, in the reader's language; empty for a fact."""
    return str(MARKS[record.certainty])


@register.filter
def site(url: str) -> str:
    return urlsplit(url).netloc.removeprefix("www.")


@register.simple_tag
def source(record: Source) -> SafeString:
    return _source(record, get_language())


# A page of facts prints dozens of sources; to render each anew took most of its time.
@lru_cache(maxsize=4096)
def _source(record: Source, language: str) -> SafeString:
    return render_to_string("portal/source.html", {"source": record})
