from django.db import models


class BenignHash(models.Model):
    """A picture that is known to be nothing: whatever lies near it is held back until two people have looked."""

    pdq = models.BinaryField(unique=True)
    label = models.TextField()

    def __str__(self) -> str:
        return self.label
