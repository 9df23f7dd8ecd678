"""The timeline: by kind, initiative and year, as a page, as a feed and for machines; each choice has its address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from enum import StrEnum
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tutela.law.dates import today
from tutela.law.page import page as official_page
from tutela.law.strategy import initiatives
from tutela.law.timeline import Event, timeline
from tutela.portal.answers import CACHED, page
from tutela.portal.law_words import MARKS


class Kind(StrEnum):
    ACT = "act"
    DOCUMENT = "document"
    EVENT = "event"


KINDS: dict[Kind, Promise] = {
    Kind.ACT: gettext_lazy("Act that was adopted (CELEX sector 3)"),
    Kind.DOCUMENT: gettext_lazy("Proposal, report or other document with a CELEX number"),
    Kind.EVENT: gettext_lazy("Event"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What the reader asked to see; None is everything."""

    kind: Kind | None = None
    initiative: int | None = None
    year: int | None = None

    def holds(self, event: Event) -> bool:
        return (
            self.kind in {None, kind_of(event)}
            and (self.initiative is None or self.initiative in event.initiatives)
            and (self.year is None or event.on.first.year <= self.year <= event.on.last.year)
        )

    @property
    def query(self) -> str:
        said = {"kind": self.kind, "initiative": self.initiative, "year": self.year}
        asked = urlencode({name: value for name, value in said.items() if value is not None})
        return f"?{asked}" if asked else ""


class NoSuchChoice(ValueError):
    """One sentence for each word of the address that must be changed."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(" ".join(faults.values()))
        self.faults = faults


def kind_of(event: Event) -> Kind:
    """The first digit of a CELEX number is its sector; 3 is legislation."""
    if not event.celex:
        return Kind.EVENT
    return Kind.ACT if event.celex.startswith("3") else Kind.DOCUMENT


def years() -> list[int]:
    return sorted({event.on.first.year for event in timeline()}, reverse=True)


def read(given: QueryDict) -> Choice:
    """Raises NoSuchChoice; an empty word chooses everything."""
    faults: dict[str, str] = {}
    kind, initiative, year = (given.get(name, "") for name in ("kind", "initiative", "year"))
    numbers = {str(each.number) for each in initiatives()}
    if kind and kind not in set(Kind):
        faults["kind"] = _("“kind” is one of %(words)s.") % {"words": ", ".join(Kind)}
    if initiative and initiative not in numbers:
        faults["initiative"] = _("“initiative” is a number from 1 to %(last)s.") % {"last": len(numbers)}
    if year and year not in {str(each) for each in years()}:
        faults["year"] = _("“year” is a year in which something is recorded, from %(first)s to %(last)s.") % {
            "first": years()[-1],
            "last": years()[0],
        }
    if faults:
        raise NoSuchChoice(faults)
    return Choice(
        kind=Kind(kind) if kind else None,
        initiative=int(initiative) if initiative else None,
        year=int(year) if year else None,
    )


def chosen(choice: Choice) -> list[Event]:
    """The latest first."""
    return [each for each in reversed(timeline()) if choice.holds(each)]


def show(request: HttpRequest) -> HttpResponse:
    faults: Mapping[str, str] = {}
    try:
        choice = read(request.GET)
    except NoSuchChoice as problem:
        choice, faults = Choice(), problem.faults
    events = chosen(choice)
    on = today()
    context = {
        "choice": choice,
        "faults": faults,
        "kinds": KINDS.items(),
        "initiatives": initiatives(),
        "years": years(),
        "ahead": [each for each in events if each.on.first > on],
        "past": [each for each in events if each.on.first <= on],
        "count": len(events),
        "total": len(timeline()),
        "official": official_page(),
    }
    return page(request, "timeline", context, status=422 if faults else 200)


def as_json(request: HttpRequest) -> HttpResponse:
    try:
        choice = read(request.GET)
    except NoSuchChoice as problem:
        return JsonResponse({"problem": problem.faults}, status=422)
    answer = JsonResponse({"events": [_plain(each) for each in chosen(choice)]}, json_dumps_params={"indent": 1})
    answer["Cache-Control"] = CACHED
    return answer


def as_atom(request: HttpRequest) -> HttpResponse:
    try:
        choice = read(request.GET)
    except NoSuchChoice as problem:
        return HttpResponse(str(problem), status=422, content_type="text/plain; charset=utf-8")
    origin = settings.ORIGIN.rstrip("/")
    feed = Atom1Feed(
        title=_("Timeline: the European Union against child sexual abuse"),
        link=f"{origin}{reverse('portal:timeline')}{choice.query}",
        description=_("What happened and what will end, each entry with its source and with how sure we are."),
        language="en",
        author_name="Tutela",
        feed_url=f"{origin}{reverse('portal:timeline_atom')}{choice.query}",
    )
    for event in chosen(choice):
        _enter(feed, event, origin)
    answer = HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    answer["Cache-Control"] = CACHED
    return answer


def _enter(feed: Atom1Feed, event: Event, origin: str) -> None:
    mark = f" ({MARKS[event.source.certainty]})" if event.source.mark else ""
    feed.add_item(
        title=f"{event.on}: {event.text}{mark}",
        link=f"{origin}{reverse('portal:timeline')}#{event.id}",
        description=" ".join([event.text, *(said for said in (event.source.note, event.source.source_url) if said)]),
        # A tag names the entry for ever, wherever the site moves its pages (RFC 4151).
        unique_id=f"tag:{urlsplit(origin).hostname},2026:timeline/{event.id}",
        updateddate=datetime.combine(event.source.checked_on, time(), UTC),
        categories=[f"initiative-{number}" for number in event.initiatives],
    )


def _plain(event: Event) -> dict[str, object]:
    return {
        "id": event.id,
        "on": str(event.on),
        "text": event.text,
        "kind": kind_of(event),
        "initiatives": event.initiatives,
        "celex": event.celex or None,
        "eli": event.eli or None,
        "source_url": event.source.source_url,
        "checked_on": event.source.checked_on,
        "certainty": event.source.certainty,
        "note": event.source.note or None,
    }
