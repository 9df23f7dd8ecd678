"""The tables whose rows this installation keeps itself: they are read anew each time, and each row says as of when."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from tutela.compliance import article_25 as compliance
from tutela.compliance.rules import ASPECTS, bound_states
from tutela.law.dates import today
from tutela.portal.opendata_rows import Row, source_columns
from tutela.portal.opendata_sets import ID, INITIATIVE, SOURCE, STATE, Dataset
from tutela.statistics.models import published
from tutela.statistics.rules import DEFINITIONS
from tutela.strategy import kept
from tutela.strategy import models as strategy

_AS_OF = _("When it was computed or counted; empty where that has not happened yet.")


def figures() -> Iterator[Row]:
    for each in published():
        yield {
            "id": each.definition.id,
            "title": each.definition.title,
            "unit": each.definition.unit,
            "value": each.value,
            "shown": each.text,
            "withheld": each.withheld,
            "period_from": each.period_from.isoformat() if each.period_from else None,
            "period_to": each.as_of.date().isoformat() if each.as_of else None,
            "definition": each.definition.sentence,
            "not_counted": each.definition.not_counted,
            "source": each.definition.source,
            "as_of": each.as_of.isoformat() if each.as_of else None,
        }


def gaps() -> Iterator[Row]:
    newest = kept.newest()
    for each in newest.found.gaps if newest else ():
        yield {
            "id": each.key,
            "kind": each.kind.value,
            "state": each.state,
            "initiative": each.initiative,
            "about": each.about or None,
            "sentence": each.sentence,
            "records": list(each.records),
            "as_of": newest.as_of.isoformat(),
        }


def looks() -> Iterator[Row]:
    newest = kept.newest()
    for each in newest.found.looks if newest else ():
        yield {
            "kind": each.kind.value,
            "state": each.state,
            "n": each.n,
            "gaps": each.gaps,
            "why": each.why or None,
            "as_of": newest.as_of.isoformat(),
        }


def actions() -> Iterator[Row]:
    on = today()
    for each in strategy.PriorityAction.objects.all():
        yield {
            "id": f"action:{each.pk}",
            "initiative": each.initiative,
            "state": each.country,
            "what": each.what,
            "owner": each.owner,
            "decided_on": each.decided_on.isoformat(),
            "due": each.due.isoformat() if each.due else None,
            "standing": each.standing(on).value,
            "days_late": each.days_late(on),
            "done_on": each.done_on.isoformat() if each.done_on else None,
            "evidence_url": each.evidence_url or None,
            "reason": each.reason or None,
            "gap": each.gap or None,
            "as_of": on.isoformat(),
        }


def practices() -> Iterator[Row]:
    for each in strategy.practices():
        yield {
            "id": each.id,
            "name": each.name,
            "what": each.what,
            "state": each.state,
            "about": each.about,
            "kind": each.kind.value if each.kind else None,
            **source_columns(each.source),
        }


def article_25() -> Iterator[Row]:
    for each in compliance.article_25():
        yield {
            "id": f"article-25:{each.aspect}/{each.state}",
            "state": each.state,
            "part": each.part,
            "aspect": each.aspect.value,
            "provision": each.provision,
            "answer": each.answer.value,
            "how": each.how or None,
            "said_by": each.organisation or None,
            "on": each.on.isoformat() if each.on else None,
            "source_url": each.source_url or None,
            "certainty": each.certainty.value if each.certainty else None,
        }


LIVE: tuple[Dataset, ...] = (
    Dataset(
        name="figures",
        title=_("Published figures"),
        sentence=_("What this installation counted, each figure with its unit, period, definition and source."),
        columns={
            "id": ID,
            "title": _("What the figure is called."),
            "unit": _("What is counted."),
            "value": _("The count; empty where it is withheld or was not taken yet."),
            "shown": _("The count as it is printed; a very small one is printed as a range."),
            "withheld": _("Whether the exact count is withheld because it is small."),
            "period_from": _("The day of the first thing counted; empty if nothing was."),
            "period_to": _("The day of the counting."),
            "definition": _("What is counted, in a sentence."),
            "not_counted": _("What is left out."),
            "source": _("The register that was counted."),
            "as_of": _AS_OF,
        },
        read=figures,
        count=lambda: len(DEFINITIONS),
    ),
    Dataset(
        name="gaps",
        title=_("What is missing"),
        sentence=_("Each gap with the records that cause it. Read it with the next table: not looked is not nought."),
        columns={
            "id": ID,
            "kind": _("The kind of gap, in one word of ours."),
            "state": STATE,
            "initiative": INITIATIVE,
            "about": _("The provision or the capability it is about; empty where it is the whole act."),
            "sentence": _("What is missing."),
            "records": _("The records that cause it."),
            "as_of": _AS_OF,
        },
        read=gaps,
        count=lambda: len(newest.found.gaps) if (newest := kept.newest()) else 0,
    ),
    Dataset(
        name="looks",
        title=_("Where gaps were looked for"),
        sentence=_("For each kind of gap and each state: among how many records, or why nothing was measured."),
        columns={
            "kind": _("The kind of gap, in one word of ours."),
            "state": STATE,
            "n": _("How many records were looked at; empty where it was not measured."),
            "gaps": _("How many gaps there are among them; empty where it was not measured."),
            "why": _("Why it was not measured."),
            "as_of": _AS_OF,
        },
        read=looks,
        count=lambda: len(newest.found.looks) if (newest := kept.newest()) else 0,
    ),
    Dataset(
        name="article-25",
        title=_("Article 25 in each state"),
        sentence=_("Removal, blocking and its safeguards, as the report of 2016 asks; also what nobody has answered."),
        columns={
            "id": ID,
            "state": STATE,
            "part": _("removal, blocking, or the safeguards of blocking."),
            "aspect": _("What is asked, in one word of ours."),
            "provision": _("The paragraph of Article 25."),
            "answer": _("yes, no or unknown; where nobody has said anything the columns that follow are empty."),
            "how": _("By what means, or why it is not known."),
            "said_by": _("The organisation that says so."),
            "on": _("The day on which it was so."),
            "source_url": SOURCE["source_url"],
            "certainty": SOURCE["certainty"],
        },
        read=article_25,
        count=lambda: len(bound_states()) * len(ASPECTS),
    ),
    Dataset(
        name="actions",
        title=_("Priority actions"),
        sentence=_("Who does what by when. One is late when its day has passed and no evidence says that it was done."),
        columns={
            "id": ID,
            "initiative": INITIATIVE,
            "state": _("A Member State by its EU code, or EU."),
            "what": _("What is to be done."),
            "owner": _("Who does it."),
            "decided_on": _("The day of the decision."),
            "due": _("The last day on which it is in time."),
            "standing": _("open, late, done, done_after_its_day or dropped, on the day of as_of."),
            "days_late": _("By how many days; nought unless it is late."),
            "done_on": _("When it was done; empty if it was not."),
            "evidence_url": _("Where it can be seen that it was done."),
            "reason": _("Why it was dropped; empty if it was not."),
            "gap": _("The gap it is to close, as in the table of gaps."),
            "as_of": _AS_OF,
        },
        read=actions,
        count=strategy.PriorityAction.objects.count,
    ),
    Dataset(
        name="practices",
        title=_("What works"),
        sentence=_("Practices with the provision or capability they answer. That they work is the source's word."),
        columns={
            "id": ID,
            "name": _("What it is called."),
            "what": _("What it does."),
            "state": _("Where it works."),
            "about": _("The provision or the capability it answers."),
            "kind": _("The one kind of gap it answers; empty where it answers every kind."),
            **SOURCE,
        },
        read=practices,
        count=lambda: len(strategy.practices()),
    ),
)
