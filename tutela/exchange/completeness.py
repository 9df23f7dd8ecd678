"""How complete a report is: a sum of named reasons anyone can recompute. It says nothing about how urgent it is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from tutela.exchange.messages import NetworkCapture, Party, Report
from tutela.exchange.words import Kind, Role

Holds = Callable[[Report], bool]


@dataclass(frozen=True)
class Asked:
    """One thing a good report holds, what it is worth, and what follows where it is missing."""

    name: str
    points: int
    sentence: str
    consequence: str
    holds: Holds


@dataclass(frozen=True)
class Completeness:
    points: int
    present: list[Asked]
    missing: list[Asked]

    def as_json(self) -> dict[str, Any]:
        return {
            "points": self.points,
            "of": 100,
            "present": [{"name": asked.name, "points": asked.points} for asked in self.present],
            "missing": [
                {
                    "name": asked.name,
                    "points": asked.points,
                    "what": asked.sentence,
                    "consequence": asked.consequence,
                }
                for asked in self.missing
            ],
        }


def persons(report: Report, *roles: Role) -> list[Party]:
    return [party for party in report.parties if party.role in roles]


def captures(report: Report) -> list[NetworkCapture]:
    found = [capture for party in report.parties for capture in party.captures]
    found += [capture for place in report.places for capture in place.captures]
    return found + [item.capture for item in report.items if item.capture]


def _place(report: Report) -> bool:
    stated = [party.location for party in report.parties if party.location and party.location.country]
    postal = [a for party in report.parties if party.person for a in party.person.addresses if a.country]
    phones = [p for party in report.parties if party.person for p in party.person.phones if p.calling_code]
    return bool(stated or postal or phones or captures(report))


def _account(report: Report) -> bool:
    return any(party.account_id or party.screen_name for party in persons(report, Role.SUSPECT))


def _reachable(report: Report) -> bool:
    return any(party.person and (party.person.emails or party.person.phones) for party in persons(report, Role.SUSPECT))


def _fingerprints(report: Report) -> bool:
    return bool(report.items) and all(item.digests or item.url for item in report.items)


def _kept(report: Report) -> bool:
    return bool(report.items) and all(item.original and item.original.until for item in report.items)


def _context(report: Report) -> bool:
    return any(place.content or place.additional for place in report.places) or bool(
        report.additional or report.incident.escalation
    )


_EVERYWHERE: Final = [
    Asked(
        "place",
        20,
        "a country, an address, a phone prefix or a network address of a person involved",
        "no authority can be chosen by place: the report goes to the police of your own establishment or to Europol",
        _place,
    ),
    Asked(
        "account",
        15,
        "the account identifier or screen name of the person reported",
        "an authority cannot ask you for the right account",
        _account,
    ),
    Asked(
        "contact",
        10,
        "an e-mail address or phone number of the person reported",
        "the person cannot be linked to reports from other services",
        _reachable,
    ),
    Asked(
        "capture",
        10,
        "a network address with its time",
        "an access provider cannot be asked who used the address",
        lambda report: any(capture.at for capture in captures(report)),
    ),
    Asked(
        "port",
        5,
        "the source port beside the network address",
        "behind a shared address the subscriber cannot be singled out",
        lambda report: any(capture.port is not None for capture in captures(report)),
    ),
    Asked(
        "where",
        10,
        "where on the service it happened",
        "an authority cannot secure the right place in time",
        lambda report: bool(report.places),
    ),
    Asked(
        "reporter",
        5,
        "an e-mail address of yours for questions",
        "nobody can ask you back",
        lambda report: bool(report.reporter and report.reporter.person.emails),
    ),
]
_MATERIAL: Final = [
    Asked(
        "fingerprints",
        15,
        "a hash or an address for every item",
        "the items cannot be matched, and must be looked at by a person",
        _fingerprints,
    ),
    Asked(
        "viewed",
        5,
        "for every item, whether a person at your service has viewed it",
        "some authorities may not open it without a warrant",
        lambda report: bool(report.items) and all(item.viewed_by_provider is not None for item in report.items),
    ),
    Asked(
        "original",
        5,
        "who keeps the original of every item, and until when",
        "the evidence may be gone when the authority asks for it",
        _kept,
    ),
]
_SOLICITATION: Final = [
    Asked(
        "child",
        15,
        "the account or the age of the child addressed",
        "the child cannot be found and protected",
        lambda report: any(
            party.account_id or (party.person and party.person.age is not None)
            for party in persons(report, Role.VICTIM, Role.RECIPIENT)
        ),
    ),
    Asked(
        "context",
        10,
        "what was said or done, in your own words",
        "the urgency cannot be judged from facts",
        _context,
    ),
]


def asked_of(kind: str) -> list[Asked]:
    """What is asked of a report of this kind; the points of each list add up to 100."""
    return [*_EVERYWHERE, *(_SOLICITATION if kind == Kind.SOLICITATION else _MATERIAL)]


def completeness(report: Report) -> Completeness:
    asked = asked_of(report.kind)
    present = [one for one in asked if one.holds(report)]
    missing = [one for one in asked if one not in present]
    return Completeness(sum(one.points for one in present), present, missing)
