"""What applies on a day: the question as an address, the answer with its interval, provision and certainty."""

import re
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from tutela.law.bases import Basis, LegalBasis, Purpose, Service, bases, basis_on
from tutela.law.dates import today
from tutela.law.instruments import Provision, provision
from tutela.portal.answers import page
from tutela.portal.law import address
from tutela.portal.law_words import MARKS, PURPOSES, SERVICES

# Before the ePrivacy Directive there was no rule from which to derogate; no record reaches past the century.
FIRST, LAST = date(2002, 7, 12), date(2100, 12, 31)
SWITCHES = {"end_to_end_encrypted", "audio"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    on: date
    service: Service
    purpose: Purpose
    end_to_end_encrypted: bool
    audio: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    basis: Basis
    mark: Promise | str
    provision: Provision | None
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One service on one day: each purpose, its name and whether a basis is on record."""

    service: Service
    name: Promise
    answers: tuple[tuple[Purpose, Promise, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    basis: LegalBasis
    address: str
    services: tuple[Promise, ...]
    purposes: tuple[Promise, ...]


def ask(request: HttpRequest) -> HttpResponse:
    asked = request.GET.dict()
    question, faults = read(request.GET) if asked else (None, {})
    on = question.on if question else today()
    context = {
        "asked": {"on": on.isoformat(), **asked},
        "on": on,
        "faults": faults,
        "question": question,
        "answer": answer(question) if question else None,
        "services": SERVICES.items(),
        "purposes": PURPOSES.items(),
        "lines": [_line(service, on) for service in Service],
        "records": [_record(each) for each in bases() if each.source.enabled],
    }
    return page(request, "law_today", context, status=422 if faults else 200)


def read(given: QueryDict) -> tuple[Question | None, dict[str, str]]:
    """The question, or a sentence for each field that must be changed."""
    faults: dict[str, str] = {}
    on = _day(given.get("on", ""))
    if on is None or not FIRST <= on <= LAST:
        faults["on"] = _("Write a day that exists between %(first)s and %(last)s, as year-month-day: 2026-05-01.") % {
            "first": FIRST,
            "last": LAST,
        }
    if given.get("service", "") not in set(Service):
        faults["service"] = _("Choose one of the services of the list.")
    if given.get("purpose", "") not in set(Purpose):
        faults["purpose"] = _("Choose one of the purposes of the list.")
    if any(given.get(name, "yes") != "yes" for name in SWITCHES):
        faults["switches"] = _("Tick the box or leave it: its only value is “yes”.")
    if faults or on is None:
        return None, faults
    question = Question(
        on=on,
        service=Service(given["service"]),
        purpose=Purpose(given["purpose"]),
        end_to_end_encrypted="end_to_end_encrypted" in given,
        audio="audio" in given,
    )
    return question, {}


def answer(question: Question) -> Answer:
    basis = basis_on(
        question.on,
        question.service,
        question.purpose,
        end_to_end_encrypted=question.end_to_end_encrypted,
        audio=question.audio,
    )
    return Answer(
        basis=basis,
        mark=MARKS[basis.certainty],
        provision=provision(basis.provision) if basis.provision else None,
        address=address(basis.provision) if basis.provision else "",
    )


def _day(written: str) -> date | None:
    # date.fromisoformat also reads weeks and bare digits, which no reader means.
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", written):
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _line(service: Service, on: date) -> Line:
    answers = tuple((purpose, name, basis_on(on, service, purpose).allowed) for purpose, name in PURPOSES.items())
    return Line(service=service, name=SERVICES[service], answers=answers)


def _record(found: LegalBasis) -> Record:
    return Record(
        basis=found,
        address=address(found.provision),
        services=tuple(words for service, words in SERVICES.items() if service in found.services),
        purposes=tuple(words for purpose, words in PURPOSES.items() if purpose in found.purposes),
    )
