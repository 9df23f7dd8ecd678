"""What may be done with a referral; each action locks, checks, changes and records in one transaction."""

from tutela.referrals.actions.answering import acknowledge, answer, remind
from tutela.referrals.actions.correcting import acknowledge_correction, correct_uncorrected, correct_withdrawn
from tutela.referrals.actions.handing import give_outside, hand_over, prepare, send_back
from tutela.referrals.actions.opening import erase, open_answer, open_dossier

__all__ = [
    "acknowledge",
    "acknowledge_correction",
    "answer",
    "correct_uncorrected",
    "correct_withdrawn",
    "erase",
    "give_outside",
    "hand_over",
    "open_answer",
    "open_dossier",
    "prepare",
    "remind",
    "send_back",
]
