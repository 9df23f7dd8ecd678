"""The one query behind the matrix: everything in force that is known of the states, as rows of one shape."""

from collections.abc import Collection

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, QuerySet, Value, When
from django.db.models.functions import Cast, TruncDate

from tutela.compliance.matrix import Row
from tutela.compliance.models.batch import Batch, Decision, Measure
from tutela.compliance.models.finding import Finding
from tutela.law.dates import brussels

_TEXT = models.TextField()
_TEXTS = ArrayField(models.TextField())
_EMPTY = Value("", output_field=_TEXT)
_NO_TEXTS = Value([], output_field=_TEXTS)


def records(*, states: Collection[str] = (), provisions: Collection[str] = ()) -> list[Row]:
    """Findings, measures, decisions and the batches they came in, each with who, what and when."""
    here = {"state__in": list(states)} if states else {}
    about = {"provision__in": list(provisions)} if provisions else {}
    findings = Finding.objects.filter(replaced_at=None, **here, **about)
    measures = Measure.objects.filter(batch__replaced_at=None, **here)
    decisions = Decision.objects.filter(batch__replaced_at=None, **here)
    rows = _findings(findings).union(_measures(measures), _decisions(decisions), _batches(), all=True)
    return [Row(*each) for each in rows]


def _shaped(rows: "QuerySet[models.Model]", what: str, **columns: object) -> "QuerySet[models.Model]":
    given = {f"r_{name}": columns.get(name, _EMPTY) for name in Row._fields if name not in {"what", "cited"}}
    shaped = rows.annotate(
        r_what=Value(what, output_field=_TEXT), **given, r_cited=columns.get("cited", _NO_TEXTS)
    ).order_by()
    return shaped.values_list(*(f"r_{name}" for name in Row._fields))


def _findings(rows: "QuerySet[Finding]") -> "QuerySet[models.Model]":
    return _shaped(
        rows,
        "finding",
        key=F("pk"),
        state=Cast("state", _TEXT),
        about=F("provision"),
        word=F("verdict"),
        more=F("reason"),
        source_url=F("source_url"),
        by=F("organisation__name"),
        on=F("on"),
        certainty=F("certainty"),
        cited=F("measures"),
    )


def _measures(rows: "QuerySet[Measure]") -> "QuerySet[models.Model]":
    return _shaped(
        rows,
        "measure",
        key=F("pk"),
        state=Cast("state", _TEXT),
        about=F("celex"),
        on=F("notified_on"),
    )


def _decisions(rows: "QuerySet[Decision]") -> "QuerySet[models.Model]":
    return _shaped(
        rows,
        "decision",
        key=F("pk"),
        state=Cast("state", _TEXT),
        about=F("case_number"),
        word=F("step"),
        more=F("kind"),
        by=Case(When(active=True, then=Value("active")), default=Value(""), output_field=_TEXT),
        on=F("on"),
    )


def _batches() -> "QuerySet[models.Model]":
    return _shaped(
        Batch.objects.in_force(),
        "batch",
        key=F("pk"),
        about=F("kind"),
        source_url=F("source"),
        on=TruncDate("imported_at", tzinfo=brussels()),
    )
