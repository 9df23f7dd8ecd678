from django.conf import settings

from tutela.audit import actions as audit
from tutela.keys.keeper import house_signer


def anchor() -> None:
    """The house signs the head of its own record and puts it where the database cannot reach."""
    audit.anchor(house_signer(), settings.ANCHORS_HOME)
