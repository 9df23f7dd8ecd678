"""What a report states that bears on urgency, as named signals without any personal datum.

They are read once, when the report is finished, so that scoring later needs nobody's words to be opened.
"""

from collections.abc import Callable
from typing import Final

from tutela.exchange.completeness import persons
from tutela.exchange.messages import Item, Report
from tutela.exchange.words import Annotation, IncidentType, ItemAnnotation, Kind, Role

CHILD_UNDER: Final = 13


def _any_item(report: Report, *annotations: ItemAnnotation) -> bool:
    return any(annotation in item.annotations for item in report.items for annotation in annotations)


def _every_item(report: Report, holds: Callable[[Item], bool]) -> bool:
    return bool(report.items) and all(holds(item) for item in report.items)


def _ages(report: Report) -> list[int]:
    people = persons(report, Role.VICTIM, Role.RECIPIENT)
    return [party.person.age for party in people if party.person and party.person.age is not None]


SIGNALS: Final[dict[str, Callable[[Report], bool]]] = {
    "escalation_stated": lambda report: report.incident.escalation is not None,
    "live": lambda report: _any_item(report, ItemAnnotation.LIVE),
    "infant": lambda report: _any_item(report, ItemAnnotation.INFANT) or any(age <= 2 for age in _ages(report)),
    "school_named": lambda report: any(party.school_name for party in persons(report, Role.VICTIM)),
    "child_named": lambda report: any(
        party.person and (party.person.first_name or party.person.last_name) for party in persons(report, Role.VICTIM)
    ),
    "molestation_reported": lambda report: report.incident.type is IncidentType.MOLESTATION,
    "trafficking_or_travel": lambda report: report.incident.type in {IncidentType.TRAFFICKING, IncidentType.TRAVEL},
    "solicitation": lambda report: report.kind is Kind.SOLICITATION,
    "sextortion": lambda report: Annotation.SEXTORTION in report.incident.annotations,
    "sadistic_exploitation": lambda report: Annotation.SADISTIC_EXPLOITATION in report.incident.annotations,
    "material_solicited": lambda report: Annotation.MATERIAL_SOLICITED in report.incident.annotations,
    "minor_to_minor": lambda report: Annotation.MINOR_TO_MINOR in report.incident.annotations,
    "child_under_13": lambda report: any(age < CHILD_UNDER for age in _ages(report)),
    "physical_harm": lambda report: _any_item(report, ItemAnnotation.PHYSICAL_HARM, ItemAnnotation.VIOLENCE),
    "self_produced": lambda report: _any_item(report, ItemAnnotation.SELF_PRODUCED),
    "generated_only": lambda report: _every_item(
        report, lambda item: bool({ItemAnnotation.GENERATED, ItemAnnotation.DRAWN} & set(item.annotations))
    ),
    "viral": lambda report: (
        report.batched_as_viral or _any_item(report, ItemAnnotation.VIRAL, ItemAnnotation.POTENTIAL_MEME)
    ),
    "informational": lambda report: bool(
        {Annotation.INFORMATIONAL, Annotation.SPAM} & set(report.incident.annotations)
    ),
    "publicly_available": lambda report: any(item.publicly_available for item in report.items),
    "child_reachable": lambda report: any(
        party.account_id or party.person for party in persons(report, Role.VICTIM, Role.RECIPIENT)
    ),
}


def signals(report: Report) -> list[str]:
    return [name for name, holds in SIGNALS.items() if holds(report)]
