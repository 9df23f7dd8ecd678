from tutela.referrals.models.correction import Correction, Uncorrected
from tutela.referrals.models.referral import Dossier, Referral

__all__ = ["Correction", "Dossier", "Referral", "Uncorrected"]
