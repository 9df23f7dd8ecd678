"""From leads and what a person knows beside them to a report: what is known is said, what is missing is named, and
nothing is made up. It decides nothing: a lead that only looks alike becomes a report when a person has looked."""

import secrets
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Final, NamedTuple

from pydantic import ValidationError

from tutela.exchange import messages
from tutela.exchange.completeness import completeness
from tutela.exchange.words import IncidentType, Kind, PlaceKind, Role, Service
from tutela.provider.known import OF_A_PERSON, OF_AN_ITEM, Answers, BadAnswers, Known
from tutela.provider.leads import Lead

EXACT: Final = frozenset({"md5", "sha1", "sha256", "url"})
MOST_MATCHES: Final = 10
FOUND_NOT_HAPPENED: Final = "When it was found by matching; when it was uploaded or sent is not known."
VIEWED: Final = ("viewed_by", "viewed_at", "viewed_as")
# Which of our names answer what makes a report complete. Hashes come with the lead.
ANSWERED_BY: Final[dict[str, tuple[str, ...]]] = {
    "place": ("country", "network_address"),
    "account": ("account", "screen_name"),
    "contact": ("email", "phone"),
    "capture": ("network_address", "network_at"),
    "port": ("network_port",),
    "where": ("where",),
    "reporter": ("reporter_email",),
    "fingerprints": (),
    "viewed": VIEWED,
    "original": ("kept_by", "kept_until"),
}
# Where the one is not known, the other is no question.
DEPENDS_ON: Final = {
    "network_at": "network_address",
    "network_port": "network_address",
    "kept_until": "kept_by",
    "viewed_at": "viewed_by",
    "viewed_as": "viewed_by",
}
ONE_IS_ENOUGH: Final = frozenset({"place", "account", "contact"})
_LINES_TOGETHER: Final = 200


class Said(NamedTuple):
    """One lead and all that is known of it."""

    lead: Lead
    known: Known


class Lack(NamedTuple):
    """What is missing, and what follows. `needed`: without it there is no report. `either`: one name is enough."""

    names: tuple[str, ...]
    what: str
    without: str
    needed: bool
    lead: str = ""
    either: bool = False


def only_looks_alike(lead: Lead) -> bool:
    return not any(match.kind in EXACT for match in lead.matches)


def new_reference() -> str:
    return f"lead-{datetime.now(UTC):%Y%m%d}-{secrets.token_hex(6)}"


def check_said_of_each(leads: Sequence[Lead], answers: Answers, *, together: bool) -> None:
    """One sentence for many pictures is nobody's look at each (reg-2021-1232:art-3-1-g-iii), and one account named for
    several reports accuses somebody by a slip. Raises BadAnswers."""
    alike = [lead for lead in leads if only_looks_alike(lead)]
    looked = [name for name in VIEWED if answers.all.is_said(name)]
    if len(alike) > 1 and looked:
        raise BadAnswers(
            f"{', '.join(looked)} cannot be said of {len(alike)} leads at once: they only look alike, and a person "
            f"looks at each.\n{_each(alike)}"
        )
    accused = [name for name in OF_A_PERSON if getattr(answers.all, name) is not None]
    if len(leads) > 1 and accused and not together:
        raise BadAnswers(
            f"{', '.join(accused)} would be said of {len(leads)} reports at once. If they are one person's, make "
            f"one of them with --together.\n{_each(leads)}"
        )


def _each(leads: Sequence[Lead]) -> str:
    names = "".join(f"\n  {lead.name}" for lead in leads)
    return f"Otherwise say it of each one under its name in the answers, or answer on a terminal:{names}"


def lacks(said: Sequence[Said], *, reporter_needed: bool = False) -> list[Lack]:
    """What to ask for, first what is needed. What was said to be unknown is not asked again."""
    found = [lack for each in said for lack in _needed_of(each)]
    first = said[0].known
    if first.service is None:
        found.append(Lack(("service",), "what kind of service it was found on", "the legal basis is unknown", True))
    if first.where and not _is_address(first.where) and first.where_kind is None:
        found.append(Lack(("where_kind",), "what kind of place that is", "the place cannot be named", True))
    if reporter_needed and not (first.reporter_email or first.reporter_name):
        names = ("reporter_email", "reporter_name")
        found.append(Lack(names, "who reports", "the CyberTipline takes no report", needed=True, either=True))
    asked = {name for lack in found for name in lack.names}
    return found + [lack for lack in _wished(said) if not asked.issuperset(lack.names)]


def _needed_of(each: Said) -> Iterator[Lack]:
    lead, known = each
    if not _digests(lead):
        yield Lack(
            (), "a hash of the file", "nobody can tell which file it is: make the lead from the file", True, lead.name
        )
    begun = any(getattr(known, name) is not None for name in VIEWED)
    if only_looks_alike(lead) or begun:
        missing = tuple(name for name in VIEWED if getattr(known, name) is None)
        if missing:
            why = (
                "it only looks alike, and a picture that looks alike accuses nobody" if not begun else "it is half said"
            )
            yield Lack(missing, "who looked at it, when, and what it is", why, True, lead.name)
    if known.happened_at is None:
        without = "no moment can be given; unknown is an answer, too"
        yield Lack(("happened_at",), "when it was uploaded or sent", without, True, lead.name)


def _wished(said: Sequence[Said]) -> Iterator[Lack]:
    for asked in completeness(write_report(said, reference="draft", draft=True)).missing:
        names = ANSWERED_BY[asked.name]
        open_ = tuple(name for name in names if any(_is_open(name, each.known) for each in said))
        if open_:
            yield Lack(open_, asked.sentence, asked.consequence, needed=False, either=asked.name in ONE_IS_ENOUGH)


def _is_open(name: str, known: Known) -> bool:
    if getattr(known, name) is not None or known.is_said(name):
        return False
    main = DEPENDS_ON.get(name)
    return not (main and known.is_said(main) and getattr(known, main) is None)


def write_report(said: Sequence[Said], *, reference: str, draft: bool = False) -> messages.Report:
    """Raises BadAnswers where the leads cannot be one report. `draft` fills in what is needed, to be weighed only."""
    known = said[0].known
    _check_one_report(said)
    if not draft and (missing := [name for lack in lacks(said) if lack.needed for name in lack.names or ("a hash",)]):
        raise BadAnswers(f"No report without: {', '.join(dict.fromkeys(missing))}.")
    happened = [_happened_at(each) for each in said]
    unknown = any(not isinstance(each.known.happened_at, datetime) for each in said)
    try:
        return messages.Report(
            reference=reference,
            kind=Kind.NEW_MATERIAL if any(k.viewed_as == "new_material" for _, k in said) else Kind.KNOWN_MATERIAL,
            service=known.service or Service.OTHER,
            incident=messages.Incident(
                type=IncidentType.MATERIAL,
                at=min(happened),
                at_description=FOUND_NOT_HAPPENED if unknown else None,
            ),
            places=_places(known),
            reporter=_reporter(known),
            parties=_parties(known),
            items=[_item(each) for each in said],
            additional=[known.words] if known.words else [],
        )
    except ValidationError as error:
        rules = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        raise BadAnswers(f"This makes no report: {rules}") from None


def _check_one_report(said: Sequence[Said]) -> None:
    first = said[0].known
    for name in Known.model_fields:
        if name not in OF_AN_ITEM and any(getattr(each.known, name) != getattr(first, name) for each in said):
            raise BadAnswers(f"{name} differs between the leads, so they are not one report; leave out --together.")


def _happened_at(each: Said) -> datetime:
    return each.known.happened_at if isinstance(each.known.happened_at, datetime) else each.lead.at


def _places(known: Known) -> list[messages.Place]:
    if not known.where:
        return []
    if _is_address(known.where):
        return [messages.Place(kind=known.where_kind or PlaceKind.WEB, urls=[known.where])]
    return [messages.Place(kind=known.where_kind or PlaceKind.WEB, name=known.where)]


def _is_address(text: str) -> bool:
    return text.startswith(("https://", "http://"))


def _reporter(known: Known) -> messages.Reporter | None:
    if not (known.reporter_email or known.reporter_name):
        return None
    emails = [messages.Email(address=known.reporter_email)] if known.reporter_email else []
    return messages.Reporter(person=messages.Person(first_name=known.reporter_name, emails=emails))


def _parties(known: Known) -> list[messages.Party]:
    if not known.suspected:
        return []
    emails = [messages.Email(address=known.email)] if known.email else []
    phones = [messages.Phone(number=known.phone)] if known.phone else []
    captures = []
    if known.network_address:
        captures = [
            messages.NetworkCapture(
                address=known.network_address,
                at=known.network_at,
                event=known.network_event,
                port=known.network_port,
            )
        ]
    return [
        messages.Party(
            role=Role.SUSPECT,
            person=messages.Person(emails=emails, phones=phones) if emails or phones else None,
            account_id=known.account,
            screen_name=known.screen_name,
            captures=captures,
            location=messages.Location(country=known.country) if known.country else None,
        )
    ]


def _item(each: Said) -> messages.Item:
    lead, known = each
    viewed = True if known.viewed_by else False if known.is_said("viewed_by") else None
    return messages.Item(
        name=PurePath(lead.name).name if lead.size_bytes is not None else None,
        digests=_digests(lead),
        pdq_quality=lead.quality if lead.pdq else None,
        uploaded_at=known.happened_at if isinstance(known.happened_at, datetime) else None,
        viewed_by_provider=viewed,
        publicly_available=known.public,
        properties=list(_facts(lead, known)),
        original=messages.Keeping(holder=known.kept_by, until=known.kept_until) if known.kept_by else None,
    )


def _digests(lead: Lead) -> list[messages.Digest]:
    named = (("MD5", lead.md5), ("SHA1", lead.sha1), ("SHA256", lead.sha256), ("PDQ", lead.pdq))
    return [messages.Digest(algorithm=name, value=value) for name, value in named if value]


def _facts(lead: Lead, known: Known) -> Iterator[messages.Property]:
    """How it was found, as facts: the list's word stays the list's word."""

    def fact(name: str, value: object) -> messages.Property:
        return messages.Property(name=name, value=str(value))

    yield fact("found_by", "hash matching against a list" if lead.matches else "no match")
    yield fact("found_at", lead.at.isoformat())
    if lead.size_bytes is not None:
        yield fact("size_bytes", lead.size_bytes)
    nearest = sorted(lead.matches, key=lambda match: (match.kind not in EXACT, match.distance_bits))
    for number, match in enumerate(nearest[:MOST_MATCHES], 1):
        for name, value in match.model_dump().items():
            yield fact(f"match.{number}.{name}", value)
    if known.viewed_by and known.viewed_at:
        yield fact("viewed_by", known.viewed_by)
        yield fact("viewed_at", known.viewed_at.isoformat())
        yield fact("viewed_as", known.viewed_as)
    frames = lead.frames or ()
    for begin in range(0, len(frames), _LINES_TOGETHER):
        yield fact(f"vpdq.{begin // _LINES_TOGETHER + 1}", "\n".join(frames[begin : begin + _LINES_TOGETHER]))
