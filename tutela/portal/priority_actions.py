"""Who does what by when, on which gap; what is late stands first and says by how much."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from tutela.law.authorities import MEMBER_STATES
from tutela.law.dates import today
from tutela.law.strategy import initiatives
from tutela.portal.answers import page
from tutela.portal.gaps import KINDS, about, line_of
from tutela.portal.law_matrix import state_names
from tutela.portal.places import place
from tutela.portal.undertakings import STANDINGS, Promised, promised
from tutela.strategy import kept
from tutela.strategy.gaps import Kind
from tutela.strategy.models import PriorityAction

UNION = "EU"
ROWS_PER_PAGE = 25
_ORDER = {standing: number for number, standing in enumerate(STANDINGS)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """`is_open` is whether its gap was still found; None where it names none, or nothing was computed yet."""

    promised: Promised
    place: Promise | str
    initiative: int
    decided_on: date
    gap: str
    address: str
    is_open: bool | None


def show(request: HttpRequest) -> HttpResponse:
    on = today()
    asked, faults = _read(request.GET)
    newest = kept.newest()
    found = newest.keys if newest else None
    every = [(each.standing(on), each) for each in _chosen(asked)]
    rows = [(standing, each) for standing, each in every if asked["standing"] in {"", standing}]
    rows.sort(key=lambda row: (_ORDER[row[0]], row[1].due or on))
    pages = max(1, -(-len(rows) // ROWS_PER_PAGE))
    number = int(asked["page"] or 1)
    if number > pages:
        raise Http404
    first = (number - 1) * ROWS_PER_PAGE
    context = {
        "on": on,
        "faults": faults,
        "asked": asked,
        "initiatives": initiatives(),
        "places": [(UNION, place(UNION)), *state_names().items()],
        "standings": STANDINGS.items(),
        "counts": [(word, sum(standing is it for standing, _each in every)) for it, word in STANDINGS.items()],
        "total": len(rows),
        "rows": [_planned(each, on, found) for _standing, each in rows[first : first + ROWS_PER_PAGE]],
        "pages": [(each, _query(asked, page=each)) for each in range(1, pages + 1)],
        "page": number,
        "as_of": newest.as_of if newest else None,
    }
    return page(request, "actions", context, status=422 if faults else 200)


def _chosen(asked: Mapping[str, str]) -> Iterable[PriorityAction]:
    columns = {"state": "country", "initiative": "initiative"}
    return PriorityAction.objects.filter(**{column: asked[name] for name, column in columns.items() if asked[name]})


def _query(asked: Mapping[str, str], *, page: int) -> str:
    return "?" + urlencode({name: word for name, word in (asked | {"page": str(page)}).items() if word})


def _read(given: QueryDict) -> tuple[dict[str, str], dict[str, str]]:
    """What was asked, with a sentence for each word that is not one of ours; such a word chooses nothing."""
    known = {
        "state": {UNION, *MEMBER_STATES},
        "initiative": {str(each.number) for each in initiatives()},
        "standing": set(STANDINGS),
    }
    sentences = {
        "state": _("“state” is the code of a Member State, such as RO, or EU."),
        "initiative": _("“initiative” is a number from 1 to 8."),
        "standing": _("“standing” is one of %(words)s.") % {"words": ", ".join(STANDINGS)},
    }
    asked = {name: given.get(name, "") for name in known}
    faults = {name: sentences[name] for name, word in asked.items() if word and word not in known[name]}
    number = given.get("page", "")
    if number and not (number.isascii() and number.isdigit() and len(number) < 4 and int(number) > 0):
        faults["page"], number = _("“page” is a number from 1."), ""
    return asked | {"page": number} | dict.fromkeys(faults, ""), faults


def _planned(action: PriorityAction, on: date, found: Container[str] | None) -> Planned:
    return Planned(
        promised=promised(action, whose=action.owner, on=on),
        place=place(action.country),
        initiative=action.initiative,
        decided_on=action.decided_on,
        gap=_in_words(action.gap),
        address=line_of(action.gap) if action.gap else "",
        is_open=action.gap in found if action.gap and found is not None else None,
    )


def _in_words(gap_key: str) -> str:
    """Empty where the action names no gap."""
    kind, _slash, rest = gap_key.partition("/")
    return f"{KINDS[Kind(kind)]}: {about(rest.partition('/')[2])}" if gap_key else ""
