"""The dossier: one signed bundle that says what is fact and what is assessment, who says it and how reliable that is.

It holds no byte of any file, and of our own people only pseudonyms.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final

from tutela.cases.known import standing_matches
from tutela.cases.models import Case
from tutela.cases.rules import GROUNDS
from tutela.exchange import messages
from tutela.exchange.completeness import completeness
from tutela.keys.keeper import house_signer
from tutela.referrals.custody import custody
from tutela.referrals.models import Referral
from tutela.reports.actions import Original
from tutela.reports.fingerprints import FILE_KINDS
from tutela.reports.models import Item, Match, Report
from tutela.seals.bundle import write_bundle
from tutela.seals.canonical import canonical

KIND: Final = "dossier"
VERSION: Final = 1
# dir-2016-680:art-7-1. What a sender says is neither our fact nor our assessment.
FACT, ASSESSMENT, STATEMENT = "fact", "assessment", "statement"
HOUSE: Final = "house"

# reg-2016-794:art-29: how reliable the source is, and how the information is known.
CODES: Final = {
    "A": "no doubt about the source's authenticity, trustworthiness and competence",
    "B": "the source proved reliable in most instances",
    "C": "the source proved unreliable in most instances",
    "X": "the source's reliability cannot be assessed",
    "1": "the accuracy is not in doubt",
    "2": "known to the source itself, not to the one who passes it on",
    "3": "not known to the source itself, corroborated by other information",
    "4": "not known to the source itself, and cannot be corroborated",
}
_OURS: Final = {"source": HOUSE, "source_code": "A", "information_code": "1"}
_UNASSESSED: Final = {"source_code": "X", "information_code": "4"}

README: Final = """\
How to verify this dossier without asking anybody
=================================================
1. tutela dossier verify FILE
   checks the signature of manifest.json (Ed25519 over canonical JSON, RFC 8785) with the sender's public key, and the
   SHA-256 of every file against the manifest.
2. By hand: the SHA-256 of each file must be the one in manifest.json.
3. custody.json: leaf_hash = SHA-256(0x00, content as canonical JSON);
   link hash = SHA-256(0x01, before, seq and id as 8 bytes each, big-endian, leaf_hash).

What is in it
-------------
dossier.json   what is known. "nature" tells what is fact, what is assessment, and what is a
               sender's statement; "source_code" and "information_code" are those of Article 29 of Regulation (EU)
               2016/794. What a sender states is X4 until somebody assesses it.
custody.json   who did what with the case and its reports, in order. People appear by pseudonym.
originals/     the messages byte for byte as they came.

No file of the report is here. Whoever holds the originals is named in dossier.json where the sender said so.
A match is a lead: an item equals or resembles an indicator. Two people decided to hand this over.
"""


@dataclass(frozen=True)
class Told:
    """One report of the case, opened."""

    report: Report
    message: messages.Report
    originals: Sequence[Original] = ()

    @cached_property
    def matches(self) -> list[Match]:
        """What stands at this moment: nobody is told of an indicator that was withdrawn or is doubted."""
        found = standing_matches().filter(item__report=self.report).select_related("item", "indicator__identified_by")
        return list(found.order_by("item__position", "id"))

    @cached_property
    def account(self) -> dict[str, Any]:
        """Written once for all recipients of the case."""
        return _report(self)


def write_dossier(referral: Referral, case: Case, told: Sequence[Told], *, by: str, why: str) -> bytes:
    """`why` is the sentence that chose this authority; it may say where a person is, and stands only here."""
    files = {
        "README.txt": README.encode(),
        "dossier.json": canonical(_body(referral, case, told, by, why)),
        "custody.json": canonical(custody(case, [each.report for each in told], referral)),
        **dict(_original(each.report, at, kept) for each in told for at, kept in enumerate(each.originals, 1)),
    }
    about = {
        "version": VERSION,
        "referral": referral.number,
        "case": case.number,
        "authority": referral.authority,
        "reports": [each.report.number for each in told],
    }
    return write_bundle(KIND, about, files, signer=house_signer())


def _original(report: Report, at: int, kept: Original) -> tuple[str, bytes]:
    ending = "xml" if kept.raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else "json"
    return f"originals/{report.number}-{at:03}-{kept.kind}.{ending}", kept.raw


def _body(referral: Referral, case: Case, told: Sequence[Told], by: str, why: str) -> dict[str, Any]:
    return {
        "version": VERSION,
        "referral": referral.number,
        "case": case.number,
        "made_at": datetime.now(UTC).isoformat(),
        "made_by": by,
        "codes": CODES,
        "recipient": {
            "authority": referral.authority,
            "country": referral.recipient_country,
            "reason": why,
            "source": referral.reason,
            "ground": referral.ground,
        },
        "decision": _decision(case),
        "urgency": {
            "nature": ASSESSMENT,
            **_OURS,
            "points": case.urgency,
            "hard": case.hard_reasons,
            "reasons": case.urgency_reasons,
            "signals": case.signals,
        },
        "reports": [each.account for each in told],
    }


def _decision(case: Case) -> dict[str, Any]:
    return {
        "nature": ASSESSMENT,
        **_OURS,
        "decision": case.decision,
        "disputed_before": case.disputed,
        "readings": [
            {
                "place": reading.place,
                "reader": str(reading.reader.public_id),
                "organisation": reading.reader.organisation.name,
                "decision": reading.decision,
                "agrees": reading.agrees,
                "at": _at(reading.at),
                "grounds": [{"name": name, "sentence": GROUNDS[name].sentence} for name in reading.grounds],
            }
            for reading in case.readings.select_related("reader__organisation").order_by("id")
        ],
    }


def _report(told: Told) -> dict[str, Any]:
    report = told.report
    return {
        "report": report.number,
        "received": {
            "nature": FACT,
            **_OURS,
            "at": _at(report.received_at),
            "channel": report.channel,
            "body_sha256": bytes(report.body_sha256).hex(),
            "flags": report.flags,
        },
        "stated": {
            "nature": STATEMENT,
            "source": report.organisation.name,
            **_UNASSESSED,
            "message": told.message.model_dump(mode="json", exclude_none=True),
        },
        "items": [_item(item, report) for item in report.items.order_by("position")],
        "matches": [_match(match) for match in told.matches],
        "completeness": {"nature": ASSESSMENT, **_OURS, **completeness(told.message).as_json()},
    }


def _item(item: Item, report: Report) -> dict[str, Any]:
    """A hash we computed ourselves is our fact; a hash that was stated is the sender's."""
    stated = {"nature": STATEMENT, "source": report.organisation.name, **_UNASSESSED}
    source = {"nature": FACT, **_OURS} if item.hashed_here else stated
    hashes = {kind: bytes(value).hex() for kind in FILE_KINDS if (value := getattr(item, kind)) is not None}
    return {**source, "position": item.position, "hashed_here": item.hashed_here, "hashes": hashes}


def _match(match: Match) -> dict[str, Any]:
    indicator = match.indicator
    return {
        "nature": FACT,
        **_OURS,
        "item": match.item.position,
        "kind": match.kind,
        "distance_bits": match.distance_bits,
        "threshold_bits": match.threshold_bits,
        "indicator": {
            "number": indicator.pk,
            "value": bytes(indicator.value).hex(),
            "tier": indicator.tier,
            "category": indicator.category,
            "identified_by": indicator.identified_by.name,
            "authority": indicator.authority,
            "legal_basis": indicator.legal_basis,
        },
    }


def _at(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
