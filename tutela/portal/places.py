from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tutela.law.authorities import authority

PLACES: dict[str, Promise] = {"": _("the world"), "EU": _("the European Union"), "US": _("the United States")}


def place(country: str) -> Promise | str:
    """A country's name for readers; its code where nothing names it."""
    named = authority(country)
    return PLACES.get(country) or (named.country_name if named else country)
