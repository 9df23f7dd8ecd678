"""Who may do what: one table, role by act, with the relation that is needed. What is not in it is closed.

The doors, the lists and the tests all read this table; nothing else decides.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    PROVIDER_ENGINEER = "provider_engineer"
    PROVIDER_MATCHER = "provider_matcher"
    ANALYST = "analyst"
    AUTHORITY_OFFICER = "authority_officer"
    DATA_PROTECTION_OFFICER = "data_protection_officer"
    POLICY_OFFICER = "policy_officer"
    PRACTITIONER = "practitioner"
    PARTNER = "partner"
    ADMINISTRATOR = "administrator"


class Act(StrEnum):
    REPORT_SUBMIT = "report.submit"
    REPORT_FOLLOW = "report.follow"
    REPORT_READ = "report.read"
    REPORT_ACCESSES = "report.accesses"
    CASE_READ = "case.read"
    CASE_ASSESS = "case.assess"
    CASE_CONFIRM = "case.confirm"
    CASE_TRAIL = "case.trail"
    REFERRAL_HAND_OVER = "referral.hand_over"
    REFERRAL_READ = "referral.read"
    REFERRAL_ANSWER = "referral.answer"
    INDICATOR_READ = "indicator.read"
    INDICATOR_MATCH = "indicator.match"
    INDICATOR_LIST = "indicator.list"
    INDICATOR_PROPOSE = "indicator.propose"
    INDICATOR_CONFIRM = "indicator.confirm"
    INDICATOR_OPINION = "indicator.opinion"
    INDICATOR_WITHDRAW = "indicator.withdraw"
    KEY_DESTROY = "key.destroy"
    PEOPLE_MANAGE = "people.manage"
    PEOPLE_ACTIVATE = "people.activate"
    CREDENTIAL_MANAGE = "credential.manage"
    AUDIT_VERIFY = "audit.verify"
    COMPLIANCE_IMPORT = "compliance.import"
    COMPLIANCE_FIND = "compliance.find"
    COMPLIANCE_EVIDENCE = "compliance.evidence"
    COOPERATION_READ = "cooperation.read"
    COOPERATION_RECORD = "cooperation.record"
    COOPERATION_PUBLISH = "cooperation.publish"
    COOPERATION_FORUM = "cooperation.forum"
    COOPERATION_PROVE = "cooperation.prove"
    STRATEGY_RECORD = "strategy.record"


class Relation(StrEnum):
    """OWN: it belongs to the actor's organisation. ADDRESSED: it was handed to it. ANY: no relation is needed."""

    OWN = "own"
    ADDRESSED = "addressed"
    ANY = "any"


O, A, ANY = Relation.OWN, Relation.ADDRESSED, Relation.ANY  # noqa: E741

TABLE: dict[Role, dict[Act, frozenset[Relation]]] = {
    Role.PROVIDER_ENGINEER: {
        Act.REPORT_SUBMIT: frozenset({O}),
        Act.REPORT_FOLLOW: frozenset({O}),
        Act.CREDENTIAL_MANAGE: frozenset({O}),
        Act.COMPLIANCE_EVIDENCE: frozenset({O}),
        Act.COOPERATION_PROVE: frozenset({O}),
    },
    Role.PROVIDER_MATCHER: {
        Act.INDICATOR_MATCH: frozenset({ANY}),
        Act.INDICATOR_LIST: frozenset({ANY}),
    },
    Role.ANALYST: {
        Act.REPORT_FOLLOW: frozenset({ANY}),
        Act.REPORT_READ: frozenset({ANY}),
        Act.CASE_READ: frozenset({ANY}),
        Act.CASE_ASSESS: frozenset({ANY}),
        Act.CASE_CONFIRM: frozenset({ANY}),
        Act.CASE_TRAIL: frozenset({ANY}),
        Act.REFERRAL_HAND_OVER: frozenset({ANY}),
        Act.REFERRAL_READ: frozenset({ANY}),
        Act.INDICATOR_READ: frozenset({ANY}),
        Act.INDICATOR_PROPOSE: frozenset({O}),
        Act.INDICATOR_CONFIRM: frozenset({ANY}),
        Act.INDICATOR_OPINION: frozenset({O}),
        Act.INDICATOR_WITHDRAW: frozenset({O}),
    },
    Role.AUTHORITY_OFFICER: {
        Act.REFERRAL_READ: frozenset({A}),
        Act.REFERRAL_ANSWER: frozenset({A}),
        Act.INDICATOR_PROPOSE: frozenset({O}),
        Act.INDICATOR_CONFIRM: frozenset({O}),
        Act.INDICATOR_OPINION: frozenset({O}),
        Act.INDICATOR_WITHDRAW: frozenset({O}),
        Act.CREDENTIAL_MANAGE: frozenset({O}),
    },
    Role.DATA_PROTECTION_OFFICER: {
        Act.REPORT_FOLLOW: frozenset({ANY}),
        Act.REPORT_ACCESSES: frozenset({ANY}),
        Act.CASE_TRAIL: frozenset({ANY}),
        Act.AUDIT_VERIFY: frozenset({ANY}),
        Act.KEY_DESTROY: frozenset({ANY}),
        Act.PEOPLE_ACTIVATE: frozenset({O}),
    },
    Role.POLICY_OFFICER: {
        Act.COMPLIANCE_IMPORT: frozenset({ANY}),
        Act.COMPLIANCE_FIND: frozenset({ANY}),
        Act.COOPERATION_READ: frozenset({O}),
        Act.COOPERATION_RECORD: frozenset({O}),
        Act.COOPERATION_PUBLISH: frozenset({O}),
        Act.COOPERATION_FORUM: frozenset({O}),
        Act.STRATEGY_RECORD: frozenset({O}),
    },
    Role.PRACTITIONER: {},
    Role.PARTNER: {
        Act.INDICATOR_LIST: frozenset({ANY}),
        Act.INDICATOR_OPINION: frozenset({O}),
    },
    Role.ADMINISTRATOR: {
        Act.PEOPLE_MANAGE: frozenset({O}),
        Act.PEOPLE_ACTIVATE: frozenset({O}),
        Act.CREDENTIAL_MANAGE: frozenset({O}),
        Act.AUDIT_VERIFY: frozenset({ANY}),
    },
}


# Which roles an organisation of each kind may give. Without this an administrator of a provider could make an analyst.
ROLES_OF: dict[str, frozenset[Role]] = {
    "provider": frozenset({Role.PROVIDER_ENGINEER, Role.ADMINISTRATOR}),
    "hotline": frozenset({Role.ANALYST, Role.DATA_PROTECTION_OFFICER, Role.ADMINISTRATOR}),
    "centre": frozenset({Role.ANALYST, Role.DATA_PROTECTION_OFFICER, Role.ADMINISTRATOR}),
    "national_authority": frozenset({Role.AUTHORITY_OFFICER, Role.ADMINISTRATOR}),
    "policy_body": frozenset({Role.POLICY_OFFICER, Role.ADMINISTRATOR}),
    "prevention_body": frozenset({Role.PRACTITIONER, Role.ADMINISTRATOR}),
    "partner": frozenset({Role.PARTNER, Role.ADMINISTRATOR}),
}
# Beside these, what only a machine may have there.
ONLY_MACHINES: dict[str, frozenset[Role]] = {"provider": frozenset({Role.PROVIDER_MATCHER})}


# Who reads what was reported. Whoever lets people in is none of them, or she could make her own second reader.
READERS = frozenset({Role.ANALYST, Role.AUTHORITY_OFFICER, Role.DATA_PROTECTION_OFFICER})
# Whom one person alone cannot let in: the readers, and whoever could agree to them.
LET_IN_BY_TWO = READERS | {Role.ADMINISTRATOR}


class RoleNotOpen(ValueError):
    """This role cannot be given here, or not beside another one."""


class AnotherPersonNeeded(ValueError):
    """Two people are asked for, and this would be the same one twice."""


def check_roles(kind: str, roles: Collection[Role], *, machine: bool = False) -> None:
    """It binds everybody, the house too: a role is what an organisation is for, not what somebody may grant."""
    strange = sorted(set(roles) - (_roles_of_machines(kind) if machine else ROLES_OF[kind]))
    if strange:
        raise RoleNotOpen(f"{', '.join(strange)}: not a role of a {kind.replace('_', ' ')}")
    if Role.ADMINISTRATOR in roles and not READERS.isdisjoint(roles):
        raise RoleNotOpen("whoever lets people in does not read reports: give administrator to somebody else")
    if {Role.ANALYST, Role.DATA_PROTECTION_OFFICER} <= set(roles):
        raise RoleNotOpen("whoever decides about a report does not watch over its reading, nor erase it")


# Which roles a person may hand to a machine of her organisation. A machine never gets more than its giver has; beyond
# that an administrator, who reads nothing herself, may let a provider's machines send. What reads dossiers is given by
# the officers who may read them, and to renew a secret is to obtain it. What asks about hashes is given by the house
# alone: a provider does not let itself ask, because whoever may try hashes can learn to evade them.
MACHINE_ROLES: dict[Role, frozenset[Role]] = {
    Role.PROVIDER_ENGINEER: frozenset({Role.PROVIDER_ENGINEER}),
    Role.AUTHORITY_OFFICER: frozenset({Role.AUTHORITY_OFFICER}),
    Role.ADMINISTRATOR: frozenset({Role.PROVIDER_ENGINEER}),
}


class NotYours(PermissionError):
    """A door answers this exactly as it answers for what does not exist."""


@dataclass(frozen=True)
class Actor:
    """Whoever acts: a person, an organisation's credential, or the house itself (its jobs)."""

    kind: str
    id: str
    organisation_id: int | None
    organisation_kind: str = ""
    country: str = ""
    roles: frozenset[Role] = frozenset()
    label: str = ""


HOUSE = Actor(kind="house", id="jobs", organisation_id=None, label="the house")


def relations(by: Actor, act: Act) -> frozenset[Relation]:
    """What relation to a thing would allow this act; empty where nothing would."""
    return frozenset().union(*(TABLE[role].get(act, frozenset()) for role in by.roles))


def may(by: Actor, act: Act, *, owner: int | None = None, addressed: Collection[int] = ()) -> bool:
    needed = relations(by, act)
    if ANY in needed:
        return True
    mine = by.organisation_id
    return mine is not None and ((O in needed and owner == mine) or (A in needed and mine in addressed))


def check_may(by: Actor, act: Act, *, owner: int | None = None, addressed: Collection[int] = ()) -> None:
    if by is not HOUSE and not may(by, act, owner=owner, addressed=addressed):
        raise NotYours(f"{act} is not open to {by.label or by.kind}")


def _roles_of_machines(kind: str) -> frozenset[Role]:
    return ROLES_OF.get(kind, frozenset()) | ONLY_MACHINES.get(kind, frozenset())


def machine_roles(by: Actor) -> frozenset[Role]:
    """What a machine of the actor's organisation may be given by her; empty where nothing may."""
    given = frozenset[Role]().union(*(MACHINE_ROLES.get(role, frozenset()) for role in by.roles))
    return given & _roles_of_machines(by.organisation_kind)


def may_give_to_machine(by: Actor, roles: Collection[Role]) -> bool:
    return by is HOUSE or (bool(roles) and machine_roles(by).issuperset(roles))


def check_machine_roles(by: Actor, roles: Collection[Role]) -> None:
    """Binds whoever gives a secret and whoever renews one: both see it."""
    if not may_give_to_machine(by, roles):
        raise RoleNotOpen("your roles do not let you give or renew a machine's access of this kind")


def opens_alone(by: Actor, roles: Collection[Role]) -> bool:
    """Whether an account with these roles is active without a second person; the house founds alone."""
    return by is HOUSE or LET_IN_BY_TWO.isdisjoint(roles)


def check_another(opened_by: str, activated_by: str) -> None:
    """Both as the audit writes an actor."""
    if opened_by == activated_by:
        raise AnotherPersonNeeded(
            "you let this person in: another administrator or the data-protection officer must agree"
        )


def check_not_oneself(whose: str, by: str) -> None:
    """Nobody gives herself a role, and nobody shuts herself out by mistake."""
    if whose == by:
        raise AnotherPersonNeeded("this account is your own: another administrator must do this")
