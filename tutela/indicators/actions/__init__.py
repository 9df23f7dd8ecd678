"""What may be done with an indicator; each action locks, checks, changes and records in one transaction."""

from tutela.indicators.actions.asking import AskedEnough, NoLegalBasis, ask
from tutela.indicators.actions.confirming import confirm, confirm_many, release_from_quarantine
from tutela.indicators.actions.giving import list_change, list_head, list_part, offered_lists
from tutela.indicators.actions.proposing import propose, propose_many
from tutela.indicators.actions.publishing import publish
from tutela.indicators.actions.saying import give_opinion, record_outcome_precision
from tutela.indicators.actions.withdrawing import withdraw

__all__ = [
    "AskedEnough",
    "NoLegalBasis",
    "ask",
    "confirm",
    "confirm_many",
    "give_opinion",
    "list_change",
    "list_head",
    "list_part",
    "offered_lists",
    "propose",
    "propose_many",
    "publish",
    "record_outcome_precision",
    "release_from_quarantine",
    "withdraw",
]
