"""How codes and hashes are written on a page."""

from django import template
from django.utils.translation import gettext as _

from tutela.console.words import code_label, field_label
from tutela.law.authorities import EUROPOL, all_authorities

register = template.Library()
SHORT = 12

register.filter("word", code_label)
register.filter("label", field_label)


@register.filter
def hexadecimal(value: bytes | memoryview | None) -> str:
    return bytes(value).hex() if value is not None else ""


@register.filter
def short_hash(value: bytes | memoryview | None) -> str:
    """Enough to tell two apart by eye; the whole of it stands on the report's page."""
    return f"{bytes(value).hex()[:SHORT]}…" if value is not None else ""


@register.filter
def yes_no(value: bool | None) -> str:
    return _("not stated") if value is None else _("yes") if value else _("no")


@register.filter
def authority_name(named: str) -> str:
    """What the law's data calls it; where no public source names it, its state."""
    found = next((each for each in (*all_authorities(), EUROPOL) if each.id == named), None)
    if found is None:
        return named
    return found.name or _("competent authority of %(state)s") % {"state": found.country_name}
