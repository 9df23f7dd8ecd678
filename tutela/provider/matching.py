"""Hashes against lists: leads from files, and from hashes that others computed."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import islice
from typing import NamedTuple, Protocol

from tutela.exchange.hash_lines import read_line
from tutela.exchange.matching import MOST_HASHES, Asked
from tutela.exchange.matching import Match as Answered
from tutela.matching.catalogue import Catalogue, Match
from tutela.matching.frames import BadFrames, distinct, read_frame_lines
from tutela.matching.hashes import BadHash, Kind, parse_hash
from tutela.provider.client import Tutela
from tutela.provider.leads import BadLeads, Lead, LeadMatch, read_leads

LEAST_QUALITY = 50
"""PDQ's own: below it unrelated pictures share a hash, so only exact digests are compared."""
_FLAT = "Its PDQ quality is {} of 100, below 50: unrelated pictures share such hashes, so only digests were compared."
_DIGESTS: tuple[Kind, ...] = ("sha256", "sha1", "md5")
_NAMED: tuple[Kind, ...] = (*_DIGESTS, "pdq")


class Hash(NamedTuple):
    kind: Kind
    value: bytes


class Waiting(NamedTuple):
    """A lead that nobody has compared yet, and the hashes to ask of it."""

    lead: Lead
    hashes: list[Hash]


class Matcher(Protocol):
    together: int
    """How many leads are asked at once."""

    def matches(self, hashes: list[Hash]) -> list[list[LeadMatch]]:
        """For each hash what is near it, nearest first."""


def match(waiting: Iterable[Waiting], matcher: Matcher) -> Iterator[Lead]:
    """In the order in which they come, exact matches before perceptual ones."""
    coming = iter(waiting)
    while batch := list(islice(coming, matcher.together)):
        answers = iter(matcher.matches([hash_ for each in batch for hash_ in each.hashes]))
        for lead, hashes in batch:
            found = [match for near in islice(answers, len(hashes)) for match in near]
            yield lead.model_copy(update={"matches": _nearest(found)})


def _nearest(found: list[LeadMatch]) -> tuple[LeadMatch, ...]:
    """Many frames of one video may be near one entry: the nearest says it for all."""
    nearest: dict[tuple[str, str, str], LeadMatch] = {}
    for each in found:
        said = nearest.setdefault((each.list, each.reference, each.kind), each)
        if each.distance_bits < said.distance_bits:
            nearest[each.list, each.reference, each.kind] = each
    return tuple(nearest.values())


def of_lead(lead: Lead) -> Waiting:
    """Raises BadLeads for digests that are none."""
    is_flat = lead.quality is not None and lead.quality < LEAST_QUALITY
    kinds = _DIGESTS if is_flat else _NAMED
    try:
        hashes = [Hash(kind, parse_hash(kind, text)) for kind in kinds if (text := getattr(lead, kind)) is not None]
        hashes += [Hash("pdq", value) for value in distinct(read_frame_lines("\n".join(lead.frames or ())))]
    except (BadHash, BadFrames) as error:
        raise BadLeads(str(error)) from None
    said = {"refused": _FLAT.format(lead.quality)} if is_flat else {}
    return Waiting(lead.model_copy(update={**said, "matches": ()}), hashes)


def of_lines(lines: Iterable[bytes], *, kind: Kind | None = None) -> Iterator[Waiting]:
    """What `tutela hash` wrote, or hashes; empty lines and comments (#) say nothing.

    A line that is neither gives a lead that names the line and says why, and the others go on.
    """
    for number, line in enumerate(lines, 1):
        text = line.decode("utf-8", errors="replace").removeprefix("\ufeff").strip()
        if not text or text.startswith("#"):
            continue
        try:
            yield from map(of_lead, read_leads([text])) if text.startswith("{") else [_of_hash(text, kind)]
        except (BadHash, BadLeads) as error:
            why = str(error).removeprefix("Line 1 ")
            yield Waiting(Lead(name=f"line {number}", at=datetime.now(UTC), refused=why[0].upper() + why[1:]), [])


def _of_hash(text: str, kind: Kind | None) -> Waiting:
    """Named by its own line. 64 hexadecimal characters are asked as both kinds that have this length."""
    hashes = [Hash(*each) for each in read_line(text, kind)]
    known = {each.kind: each.value.hex() for each in hashes if len(hashes) == 1 and each.kind in _NAMED}
    return Waiting(Lead(name=text, at=datetime.now(UTC), **known), hashes)


class Here(NamedTuple):
    """The lists on this machine: nothing leaves it. `lists` names those to ask, all where it is None."""

    catalogue: Catalogue
    radius: int
    lists: Collection[str] | None = None
    together: int = 1

    def matches(self, hashes: list[Hash]) -> list[list[LeadMatch]]:
        return [
            [_said(match) for match in self.catalogue.match(kind, value, self.radius, self.lists)]
            for kind, value in hashes
        ]


def _said(match: Match) -> LeadMatch:
    return LeadMatch(
        list=match.label.list,
        reference=match.reference,
        tier=match.label.tier,
        classification=match.label.classification,
        kind=match.kind,
        distance_bits=match.distance_bits,
        threshold_bits=match.threshold_bits,
    )


class There(NamedTuple):
    """A server's indicators: the hashes go to it, and nothing else does."""

    api: Tutela
    service: str | None = None
    together: int = MOST_HASHES // len(_NAMED)

    def matches(self, hashes: list[Hash]) -> list[list[LeadMatch]]:
        """Raises TutelaError. What a server does not answer for (PhotoDNA, TMK) has no match there."""
        asked = [(place, each) for place, each in enumerate(hashes) if each.kind not in ("photodna", "tmk")]
        found: list[list[LeadMatch]] = [[] for _ in hashes]
        told = (Asked(kind=kind, value=value.hex()) for _, (kind, value) in asked)
        for known in self.api.match(told, service=self.service):
            place, _ = asked[known.position]
            found[place] = [_answered(match) for match in known.matches]
        return found


def _answered(match: Answered) -> LeadMatch:
    """Of a seed nobody is sure yet: its tier says so."""
    said = {name: value for name, value in asdict(match).items() if name != "verdict"}
    if match.verdict == "seed":
        said["tier"] = f"{match.tier}, seed"
    return LeadMatch(**said)
