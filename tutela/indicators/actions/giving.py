"""Lists are given to those that may have them; each fetch leaves a leaf that says who took what."""

from django.db import transaction

from tutela.accounts.policy import Act, Actor, NotYours, check_may
from tutela.audit import actions as audit
from tutela.exchange.lists import Offered, OfferedList
from tutela.indicators.models import ListChange, PublishedList, SnapshotPart
from tutela.indicators.rules import Category

ABOUT = {
    Category.BASELINE: "Material that is illegal in any country, verified by two people.",
    Category.NATIONAL: "Material beyond the baseline that is illegal by a Member State's law, verified by two people.",
}


def offered_lists(*, by: Actor) -> Offered:
    check_may(by, Act.INDICATOR_LIST)
    published = PublishedList.objects.filter(head__isnull=False).order_by("name")
    rows = list(published.values_list("name", "sequence", "entries", "issued_at"))
    _taken(by, "lists", {"offered": [row[0] for row in rows]})
    return Offered(
        lists=[
            OfferedList(name=name, about=ABOUT[Category(name)], sequence=sequence, entries=entries, issued_at=issued_at)
            for name, sequence, entries, issued_at in rows
        ]
    )


def list_head(name: str, *, by: Actor) -> bytes:
    """Raises NotYours, also where there is no such list."""
    check_may(by, Act.INDICATOR_LIST)
    found = PublishedList.objects.filter(name=name, head__isnull=False).values_list("head", "sequence").first()
    if found is None:
        raise NotYours("no such list")
    _taken(by, f"list:{name}", {"head": found[1]})
    return bytes(found[0])


def list_part(name: str, sequence: int, number: int, *, by: Actor) -> bytes:
    check_may(by, Act.INDICATOR_LIST)
    found = (
        SnapshotPart.objects.filter(list=name, sequence=sequence, number=number).values_list("body", flat=True).first()
    )
    if found is None:
        raise NotYours("no such part")
    _taken(by, f"list:{name}", {"snapshot": sequence, "part": number})
    return bytes(found)


def list_change(name: str, sequence: int, *, by: Actor) -> bytes:
    check_may(by, Act.INDICATOR_LIST)
    found = ListChange.objects.filter(list=name, sequence=sequence).values_list("body", flat=True).first()
    if found is None:
        raise NotYours("no such change")
    _taken(by, f"list:{name}", {"change": sequence})
    return bytes(found)


def _taken(by: Actor, subject: str, details: dict[str, object]) -> None:
    """Before anything is given; where the leaf cannot be written, nothing is."""
    with transaction.atomic():
        audit.record("list.taken", by=by, subject=subject, details=details)
