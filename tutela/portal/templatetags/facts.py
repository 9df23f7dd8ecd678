from datetime import date
from urllib.parse import urlsplit

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tutela.law.dates import When
from tutela.law.sources import Source

register = template.Library()
DAY, MONTH, YEAR = "j F Y", "F Y", "Y"


@register.filter
def when(value: When | date) -> SafeString:
    """As exact as the record and not more: a day, a month or a year."""
    first, machine = (value.first, str(value)) if isinstance(value, When) else (value, value.isoformat())
    shape = {10: DAY, 7: MONTH, 4: YEAR}.get(len(machine), DAY)
    return format_html('<time datetime="{}">{}</time>', machine, date_format(first, shape))


@register.filter
def site(url: str) -> str:
    return urlsplit(url).netloc.removeprefix("www.")


@register.inclusion_tag("portal/source.html")
def source(record: Source) -> dict[str, Source]:
    return {"source": record}
