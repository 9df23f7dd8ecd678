"""Provisions × Member States: which was carried out where, as far as it is known; each cell has its own address."""

import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache, lru_cache
from itertools import groupby
from operator import attrgetter
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count, Max
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tutela.compliance import tables
from tutela.compliance.article_25 import Carried, article_25
from tutela.compliance.matrix import Cell, Matrix, Standings, Status
from tutela.compliance.models import Batch, Finding
from tutela.compliance.rules import ASPECTS as ARTICLE_25
from tutela.compliance.rules import owed
from tutela.law.authorities import MEMBER_STATES, all_authorities
from tutela.law.dates import today
from tutela.law.instruments import Provision
from tutela.portal.answers import CACHED, page
from tutela.portal.law import address
from tutela.portal.law_map import Tile, drawing
from tutela.portal.law_words import ANSWERS, ASPECTS, CELLS, CELLS_IN_FULL, STEPS, THEMES

# A page of the whole matrix would weigh a quarter of a megabyte.
CELLS_PER_PAGE = 405
LISTED_UP_TO = 130
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
OF_ASPECTS = {provision for _part, provision in ARTICLE_25.values()}

Newest = tuple[int | datetime | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Empty is everything; `page` counts from 1."""

    provision: str = ""
    state: str = ""
    theme: str = ""
    status: str = ""
    page: int = 1

    def query(self, **other: object) -> str:
        said = {name: getattr(self, name) for name in ("provision", "state", "theme", "status")} | other
        asked = urlencode({name: value for name, value in said.items() if value})
        return f"?{asked}" if asked else "?"

    @property
    def is_open(self) -> bool:
        return not (self.provision or self.state or self.theme or self.status)

    def matrix(self) -> Matrix:
        return _assembled(newest(), replace(self, page=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One provision across the states that are shown; `cells` are written, for a template takes ten times as long."""

    provision: Provision
    address: str
    cells: SafeString


@dataclass(frozen=True, slots=True, kw_only=True)
class StateLine:
    code: str
    name: str
    standings: Standings


def newest() -> Newest:
    """Findings and imports are only ever added: where as many are known as before, what was read still holds.

    Not their highest number alone: what begins first may be committed last.
    """
    findings = Finding.objects.aggregate(Count("pk"), Max("recorded_at"))
    batches = Batch.objects.aggregate(Count("pk"), Max("imported_at"))
    return *findings.values(), *batches.values()


@lru_cache(maxsize=32)
def _assembled(_newest: Newest, choice: Choice) -> Matrix:
    asked = {
        "provisions": choice.provision,
        "states": choice.state,
        "themes": choice.theme,
        "statuses": choice.status,
    }
    return tables.matrix(**{name: (word,) for name, word in asked.items() if word})


@lru_cache(maxsize=8)
def _written(_newest: Newest, choice: Choice, form: str, as_of: date) -> bytes:
    file = io.BytesIO()
    tables.WRITERS[f".{form}"](choice.matrix(), file, as_of=as_of, origin=settings.ORIGIN)
    return file.getvalue()


@cache
def state_names() -> Mapping[str, str]:
    return {each.country: each.country_name for each in all_authorities()}


def read(given: QueryDict) -> tuple[Choice, dict[str, str]]:
    """The choice, with a sentence for each word that is not one of ours; such a word chooses nothing."""
    known = {"provision": set(owed()), "state": set(MEMBER_STATES), "theme": set(_themes()), "status": set(Status)}
    sentences = {
        "provision": _("“provision” is the name of an article of the Directive, such as dir-2011-93:art-25-1."),
        "state": _("“state” is the code of a Member State, such as RO, or EL for Greece."),
        "theme": _("“theme” is one of %(words)s.") % {"words": ", ".join(_themes())},
        "status": _("“status” is one of %(words)s.") % {"words": ", ".join(Status)},
        "page": _("“page” is a number from 1."),
    }
    asked = {name: given.get(name, "") for name in known}
    faults = {name: sentences[name] for name, word in asked.items() if word and word not in known[name]}
    number = given.get("page", "") or "1"
    if not (number.isascii() and number.isdigit() and len(number) < 4 and int(number) > 0):
        faults["page"] = sentences["page"]
        number = "1"
    good = {name: word for name, word in asked.items() if name not in faults}
    return Choice(**good, page=int(number)), faults


def show(request: HttpRequest) -> HttpResponse:
    choice, faults = read(request.GET)
    found = choice.matrix()
    # Rows without a single cell that the choice lets through are left out.
    rows = [list(cells) for _provision, cells in groupby(found.cells, key=attrgetter("provision.id"))]
    per_page = max(1, CELLS_PER_PAGE // max(1, len(found.states)))
    pages = max(1, -(-len(rows) // per_page))
    if choice.page > pages:
        raise Http404
    first = (choice.page - 1) * per_page
    is_list = len(found.cells) <= LISTED_UP_TO
    lines = _lines(rows[first : first + per_page], found.states, as_list=is_list)
    counts = Counter(each.status for each in found.cells)
    context = {
        "choice": choice,
        "faults": faults,
        "found": found,
        "is_list": is_list,
        "lines": lines,
        "first_row": first + 1,
        "last_row": first + len(lines),
        "row_count": len(rows),
        "pages": [(number, choice.query(page=number)) for number in range(1, pages + 1)],
        "columns": [(state, state_names()[state]) for state in found.states],
        "counts": [(word, CELLS_IN_FULL[status], counts[status]) for status, word in CELLS.items()],
        "as_of": today(),
        "forms": [(form, choice.query()) for form in TYPES],
        **_choices(),
        **_by_state(found),
    }
    return page(request, "law_matrix", context, status=422 if faults else 200)


def cell(request: HttpRequest, provision_id: str, state: str) -> HttpResponse:
    if provision_id not in owed() or state not in MEMBER_STATES:
        raise Http404
    found = Choice(provision=provision_id, state=state).matrix().cells[0]
    context = {
        "cell": found,
        "state_name": state_names()[state],
        "word": CELLS[found.status],
        "sentence": CELLS_IN_FULL[found.status],
        "address": address(provision_id),
        "carried": _carried(found),
        "procedures": [
            (each, [(STEPS[event.step], event) for event in each.events]) for each in found.standings.procedures
        ],
    }
    return page(request, "law_matrix_cell", context)


def _carried(found: Cell) -> list[tuple[Promise, Promise, Carried]]:
    """How the state carries out Article 25, aspect by aspect; empty elsewhere, and for a state that is not bound."""
    if not found.standings.bound or found.provision.id not in OF_ASPECTS:
        return []
    told = [each for each in article_25([found.state]) if each.provision == found.provision.id]
    return [(ASPECTS[each.aspect], ANSWERS[each.answer], each) for each in told]


def download(request: HttpRequest, form: str) -> HttpResponse:
    if form not in TYPES:
        raise Http404
    choice, faults = read(request.GET)
    if faults:
        return HttpResponse(" ".join(faults.values()), status=422, content_type="text/plain; charset=utf-8")
    content = _written(newest(), replace(choice, page=1), form, today())
    answer = HttpResponse(content, content_type=TYPES[form])
    answer["Cache-Control"] = CACHED
    answer["Content-Disposition"] = f'attachment; filename="matrix-dir-2011-93.{form}"'
    return answer


@cache
def _themes() -> tuple[str, ...]:
    return tuple(sorted({each.theme for each in owed().values()}))


def _choices() -> dict[str, object]:
    return {
        "provisions": [(each.id, each.reference, each.title) for each in owed().values()],
        "states": state_names().items(),
        "themes": [(theme, THEMES[theme]) for theme in _themes()],
        "statuses": CELLS.items(),
    }


def _lines(rows: Iterable[list[Cell]], states: Sequence[str], *, as_list: bool) -> list[Line]:
    words = {status: str(word) for status, word in CELLS.items()}
    return [
        Line(
            provision=cells[0].provision,
            address=address(cells[0].provision.id),
            cells=_listed(cells, words) if as_list else _row(cells, states, words),
        )
        for cells in rows
    ]


def _listed(cells: Iterable[Cell], words: Mapping[Status, str]) -> SafeString:
    there = reverse("portal:law_matrix")
    told = ((state_names()[each.state], _address(each, there), words[each.status]) for each in cells)
    return format_html_join("", '<li>{} <a href="{}">{}</a></li>', told)


def _row(cells: Iterable[Cell], states: Iterable[str], words: Mapping[Status, str]) -> SafeString:
    there = reverse("portal:law_matrix")
    by_state = {each.state: each for each in cells}
    return format_html_join("", "<td>{}</td>", ((_link(by_state.get(state), there, words),) for state in states))


def _link(cell: Cell | None, there: str, words: Mapping[Status, str]) -> str:
    return format_html('<a href="{}">{}</a>', _address(cell, there), words[cell.status]) if cell else ""


def _address(cell: Cell, there: str) -> str:
    # Asked for hundreds of cells a page: to reverse each would take as long as the rest.
    return f"{there}/{cell.provision.id}/{cell.state}"


def _by_state(found: Matrix) -> dict[str, object]:
    """The map and the table that says the same: what is known of a state as a whole."""
    lines = [StateLine(code=code, name=state_names()[code], standings=each) for code, each in found.standings.items()]
    label = _("Map in tiles: procedures not known to be closed, by state")
    return {"state_lines": lines, "map": drawing([_tile(each) for each in lines], label=label)}


def _tile(line: StateLine) -> Tile:
    pending = len(line.standings.pending)
    words = ngettext(
        "%(state)s: %(count)s procedure that is not known to be closed",
        "%(state)s: %(count)s procedures that are not known to be closed",
        pending,
    ) % {"state": line.name, "count": pending}
    bound = line.standings.bound
    return Tile(
        state=line.code,
        words=words if bound else _("%(state)s: not bound by the Directive") % {"state": line.name},
        figure=str(pending) if bound else "–",
        marked=bound and pending > 0,
        address=f"?state={line.code}",
    )
