"""Rows of the audit as a person reads them: when, what, who, why, to whom, and the place in the chain."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tutela.accounts.models import Organisation
from tutela.audit.models import Leaf, Link
from tutela.console.words import code_label


@dataclass(frozen=True)
class Entry:
    at: datetime
    action: str
    who: str
    purpose: str
    recipient: str
    details: str
    place: int | None


def entries(leaves: Iterable[Leaf]) -> list[Entry]:
    rows = [(leaf, json.loads(bytes(leaf.content))) for leaf in leaves]
    ids = {said["actor"]["organisation"] for _, said in rows}
    organisations = dict(Organisation.objects.filter(pk__in=ids - {None}).values_list("pk", "name"))
    places = dict(Link.objects.filter(leaf_id__in=[leaf.pk for leaf, _ in rows]).values_list("leaf_id", "seq"))
    return [
        Entry(
            at=leaf.at,
            action=leaf.action,
            who=_who(said["actor"], organisations),
            purpose=code_label(said["purpose"]),
            recipient=said["recipient"],
            details=_details(said["details"]),
            place=places.get(leaf.pk),
        )
        for leaf, said in rows
    ]


def _who(actor: dict[str, str | int | None], organisations: dict[int, str]) -> str:
    """The public id, not the name: a record that is read by many names nobody's colleague."""
    kind, organisation = str(actor["kind"]), organisations.get(actor["organisation"])  # type: ignore[arg-type]
    if organisation is None:
        return code_label(kind)
    return f"{code_label(kind)} {str(actor['id'])[:8]}, {organisation}"


def _details(details: dict[str, object]) -> str:
    return "; ".join(f"{code_label(name)}: {_value(value)}" for name, value in details.items())


def _value(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "–"
    return "–" if value is None else str(value)
