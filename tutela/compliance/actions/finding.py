"""A person finds how a state carries out an article. The newer statement replaces the older; both are kept."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from django.db import IntegrityError, models, transaction

from tutela.accounts.models import Person
from tutela.accounts.policy import Act, Actor, check_may
from tutela.audit import actions as audit
from tutela.compliance import rules
from tutela.compliance.models import ArticleMeasure, Finding, Measure
from tutela.compliance.rules import Answer, Aspect, Refused, Verdict
from tutela.law.dates import today


@transaction.atomic
def record_finding(
    *,
    provision: str,
    state: str,
    verdict: str,
    reason: str,
    source_url: str,
    on: date,
    certainty: str,
    measures: Sequence[str] = (),
    by: Actor,
) -> Finding:
    """`measures` are CELEX numbers of that state's notified measures. Raises NotYours, Refused."""
    check_may(by, Act.COMPLIANCE_FIND)
    author = _author(by)
    said, sure = rules.word(Verdict, verdict), rules.check_read(certainty)
    rules.check_finding(provision=provision, state=state, reason=reason, source_url=source_url, on=on, today=today())
    if measures:
        notified = Measure.objects.filter(batch__replaced_at=None, state=state).values_list("celex", flat=True)
        rules.check_measures(measures, list(notified))
    _replace(Finding.objects.filter(provision=provision, state=state))
    found = Finding(
        provision=provision,
        state=state,
        verdict=said,
        reason=reason.strip(),
        source_url=source_url,
        on=on,
        certainty=sure,
        measures=sorted(set(measures)),
        author=author,
        organisation=author.organisation,
    )
    _put(found)
    details = {"provision": provision, "state": state, "verdict": str(found.verdict)}
    audit.record("compliance.found", by=by, subject=f"finding:{found.pk}", details=details)
    return found


@transaction.atomic
def record_article_measure(
    *, aspect: str, state: str, answer: str, how: str, source_url: str, on: date, certainty: str, by: Actor
) -> ArticleMeasure:
    """How one aspect of Article 25 is carried out. Safeguards are asked for where a state blocks, and end with it."""
    check_may(by, Act.COMPLIANCE_FIND)
    author = _author(by)
    rules.check_bound(state)
    rules.check_said(reason=how, source_url=source_url, on=on, today=today())
    named, answered, sure = rules.word(Aspect, aspect), rules.word(Answer, answer), rules.check_read(certainty)
    in_force = ArticleMeasure.objects.filter(state=state, replaced_at=None)
    if named in rules.SAFEGUARDS and not in_force.filter(aspect=Aspect.BLOCKING, answer=Answer.YES).exists():
        raise Refused(f"Say first that {state} blocks: without blocking there is nothing to safeguard.")
    stops = named is Aspect.BLOCKING and answered is not Answer.YES
    _replace(in_force.filter(aspect__in=[named, *(rules.SAFEGUARDS if stops else ())]))
    written = ArticleMeasure(
        aspect=named,
        state=state,
        answer=answered,
        how=how.strip(),
        source_url=source_url,
        on=on,
        certainty=sure,
        author=author,
        organisation=author.organisation,
    )
    _put(written)
    details = {"aspect": str(written.aspect), "state": state, "answer": str(written.answer)}
    audit.record("compliance.article_25", by=by, subject=f"article_measure:{written.pk}", details=details)
    return written


def _replace(earlier: "models.QuerySet[Finding] | models.QuerySet[ArticleMeasure]") -> None:
    earlier.filter(replaced_at=None).update(replaced_at=datetime.now(UTC))


def _put(row: Finding | ArticleMeasure) -> None:
    """Where two say the first thing about a state at once, the database lets one of them through."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if "_in_force" not in str(error):
            raise
        raise Refused("Somebody else wrote here at the same moment: look at it, then repeat.") from None


def _author(by: Actor) -> Person:
    person = Person.objects.filter(public_id=by.id).first() if by.kind == "person" else None
    if person is None:
        raise Refused("A person finds; sign in as yourself.")
    return person
