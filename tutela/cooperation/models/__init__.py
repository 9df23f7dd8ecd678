"""Partners, the Forum's decisions, industry's commitments, and what a state can do."""

from tutela.cooperation.models.capability import Assessed, Assessment, PoliceCapability
from tutela.cooperation.models.commitment import Commitment, Proof
from tutela.cooperation.models.forum import Decision, Meeting
from tutela.cooperation.models.partner import Partner, printed_partners
from tutela.cooperation.models.undertaking import Undertaking, undertaking_constraints

__all__ = [
    "Assessed", "Assessment", "Commitment", "Decision", "Meeting", "Partner", "PoliceCapability", "Proof",
    "Undertaking", "printed_partners", "undertaking_constraints",
]  # fmt: skip
