"""The legal framework: each act with its provisions, and what is only proposed."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise

from tutela.law.authorities import authority
from tutela.law.instruments import Instrument, Provision, all_instruments, instrument, instruments, provisions
from tutela.law.sources import Certainty, Source
from tutela.portal.answers import page
from tutela.portal.law_words import ACTORS, STATUSES


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`source` only where the provision was not read as its act was: else the act's stands for it."""

    provision: Provision
    anchor: str
    actor: Promise | None
    source: Source | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    title: str
    actor: Promise
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """`unprinted` provisions are known from memory only: they are counted, not shown."""

    instrument: Instrument
    status: Promise
    printed: int
    unprinted: int

    @property
    def is_verified(self) -> bool:
        return self.instrument.source.certainty is Certainty.VERIFIED


def framework(request: HttpRequest) -> HttpResponse:
    adopted = instruments()
    proposed = [each for each in all_instruments() if each not in adopted]
    return page(request, "law", {"adopted": _acts(adopted), "proposed": _acts(proposed)})


def act(request: HttpRequest, instrument_id: str) -> HttpResponse:
    if instrument_id not in {each.id for each in all_instruments()}:
        raise Http404
    shown = instrument(instrument_id)
    context = {
        "act": _act(shown),
        "sections": sections(instrument_id),
        "not_bound": [_country_name(each) for each in sorted(shown.not_bound)],
    }
    return page(request, "law_act", context)


def address(provision_id: str) -> str:
    """Where a provision stands: `/law/dir-2011-93#art-25-1`."""
    instrument_id, _, anchor = provision_id.partition(":")
    return f"{reverse('portal:law_act', args=[instrument_id])}#{anchor}"


@cache
def sections(instrument_id: str) -> tuple[Section, ...]:
    shown = provisions(instrument_id)
    act_source = instrument(instrument_id).source
    grouped = groupby(shown, key=lambda each: each.title)
    return tuple(_section(title, list(rows), act_source) for title, rows in grouped)


def _section(title: str, found: list[Provision], act_source: Source) -> Section:
    usual = found[0].actor
    rows = [
        Row(
            provision=each,
            anchor=each.id.partition(":")[2],
            actor=ACTORS[each.actor] if each.actor is not usual else None,
            source=each.source if _differs(each.source, act_source) else None,
        )
        for each in found
    ]
    return Section(title=title, actor=ACTORS[usual], rows=tuple(rows))


def _differs(source: Source, act_source: Source) -> bool:
    read_alike = (source.source_url, source.checked_on, source.certainty)
    return bool(source.note) or read_alike != (act_source.source_url, act_source.checked_on, act_source.certainty)


def _acts(found: Iterable[Instrument]) -> list[Act]:
    return [_act(each) for each in found]


def _act(found: Instrument) -> Act:
    printed = sum(each.source.enabled for each in found.provisions)
    return Act(
        instrument=found,
        status=STATUSES[found.status],
        printed=printed,
        unprinted=len(found.provisions) - printed,
    )


def _country_name(code: str) -> str:
    known = authority(code)
    return known.country_name if known else code
