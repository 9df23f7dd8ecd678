from django.db import models

from tutela.indicators.rules import Benign


class BenignHashes(models.QuerySet["BenignHash"]):
    def known(self) -> Benign:
        return Benign({bytes(pdq): label for pdq, label in self.values_list("pdq", "label")})


class BenignHash(models.Model):
    """A picture that is known to be nothing: whatever lies near it is held back until two people have looked."""

    pdq = models.BinaryField(unique=True)
    label = models.TextField()

    objects = BenignHashes.as_manager()

    def __str__(self) -> str:
        return self.label
