"""Three append-only tables. The database itself refuses to change a row (see the first migration)."""

from django.db import models
from django.db.models import Func
from django.db.models.functions import Now


class CurrentTransaction(Func):
    """The number of the writing transaction: what a commit-safe reader orders by, since ids commit out of order."""

    template = "(pg_current_xact_id()::text::bigint)"
    arity = 0
    output_field = models.BigIntegerField()


class Leaf(models.Model):
    """One action. `content` is the canonical JSON that is hashed; the other columns repeat it for questions."""

    txid = models.BigIntegerField(db_default=CurrentTransaction(), editable=False)
    at = models.DateTimeField(db_default=Now())
    action = models.TextField()
    actor = models.TextField()
    subject = models.TextField(blank=True)
    content = models.BinaryField()

    class Meta:
        indexes = (
            models.Index(fields=["txid", "id"], name="leaf_in_order"),
            models.Index(fields=["subject", "id"], name="leaf_by_subject"),
        )


class Link(models.Model):
    """A leaf's place in the chain."""

    seq = models.BigIntegerField(primary_key=True)
    leaf_id = models.BigIntegerField(unique=True)
    leaf_hash = models.BinaryField()
    hash = models.BinaryField()


class Cursor(models.Model):
    """How far a job has read an append-only table."""

    name = models.TextField(primary_key=True)
    txid = models.BigIntegerField(default=0)
    row = models.BigIntegerField(default=0)
