"""Whose row it becomes, and the audit's leaf; used by every action of this room."""

from django.db import models

from tutela.accounts.policy import Act, Actor, check_may
from tutela.audit import actions as audit
from tutela.cooperation.rules import Refused, check_speaks_for_the_union


def organisation_of(by: Actor) -> int:
    if by.organisation_id is None:
        raise Refused("An organisation must say this: the house itself keeps no partners and promises nothing.")
    return by.organisation_id


def check_forum(by: Actor, *, owner: int | None) -> None:
    """The Forum's record and industry's promises are kept by a policy body of the Union."""
    check_may(by, Act.COOPERATION_FORUM, owner=owner)
    check_speaks_for_the_union(by)


def written(row: models.Model, what: str, *, by: Actor, **details: object) -> None:
    name = row._meta.model_name
    audit.record(f"{name}.{what}", by=by, subject=f"{name}:{row.pk}", details=details)
