"""What may be written about partners, promises and capabilities; each action checks, changes and records at once."""

from tutela.cooperation.actions.capabilities import Phase, assess, make_private, note_police_capability, publish
from tutela.cooperation.actions.commitments import (
    accept_proof,
    keep_commitment,
    offer_proof,
    record_commitment,
    reopen_commitment,
    withdraw_commitment,
)
from tutela.cooperation.actions.forum import (
    drop_decision,
    finish_decision,
    record_decision,
    record_meeting,
    reopen_decision,
)
from tutela.cooperation.actions.partners import add_partner, check_partner

__all__ = [
    "Phase", "accept_proof", "add_partner", "assess", "check_partner", "drop_decision", "finish_decision",
    "keep_commitment", "make_private", "note_police_capability", "offer_proof", "publish", "record_commitment",
    "record_decision", "record_meeting", "reopen_commitment", "reopen_decision", "withdraw_commitment",
]  # fmt: skip
