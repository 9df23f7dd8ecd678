"""Whom one can call or write to. Only rows that were verified are printed: a wrong number harms."""

from collections.abc import Collection
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from tutela.law.authorities import MEMBER_STATES, authority
from tutela.law.helplines import EMERGENCY, Line, LineKind, helplines
from tutela.law.sources import Certainty
from tutela.portal.answers import PRIVATE, page


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    code: str
    name: str
    lines: tuple[Line, ...]


def is_printed(line: Line) -> bool:
    return line.enabled and line.source.certainty is Certainty.VERIFIED


def danger(request: HttpRequest) -> HttpResponse:
    return page(request, "danger", {"emergency": EMERGENCY}, caching=PRIVATE)


def help_(request: HttpRequest) -> HttpResponse:
    states = _states({LineKind.CHILD_HELPLINE, LineKind.MISSING_CHILDREN})
    context = {
        "emergency": EMERGENCY,
        "missing": [line for line in helplines("EU") if line.kind is LineKind.MISSING_CHILDREN and is_printed(line)],
        "states": [state for state in states if state.lines],
        "unverified": [state.name for state in states if not state.lines],
    }
    return page(request, "help", context, caching=PRIVATE)


def report(request: HttpRequest) -> HttpResponse:
    states = _states({LineKind.HOTLINE})
    context = {
        "states": [state for state in states if state.lines],
        "unverified": [state.name for state in states if not state.lines],
    }
    return page(request, "report", context, caching=PRIVATE)


def _states(kinds: Collection[LineKind]) -> list[State]:
    found = []
    for code in MEMBER_STATES:
        known = authority(code)
        lines = tuple(line for line in helplines(code) if line.kind in kinds and is_printed(line))
        found.append(State(code=code, name=known.country_name if known else code, lines=lines))
    return sorted(found, key=lambda state: state.name)
