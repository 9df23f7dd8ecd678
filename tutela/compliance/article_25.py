"""Article 25 in each state: removal, blocking, and the safeguards where a state blocks."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from tutela.compliance.models import ArticleMeasure
from tutela.compliance.rules import ASPECTS, Answer, Aspect, bound_states
from tutela.law.sources import Certainty


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """One aspect in one state. Without a statement `answer` is unknown and the rest is empty."""

    state: str
    aspect: Aspect
    part: str
    provision: str
    answer: Answer
    how: str = ""
    source_url: str = ""
    on: date | None = None
    certainty: Certainty | None = None
    organisation: str = ""


def article_25(states: Collection[str] = ()) -> tuple[Carried, ...]:
    """Every aspect of every state that is bound, also those of which nothing is known. One query."""
    rows = ArticleMeasure.objects.filter(replaced_at=None).select_related("organisation")
    said = {(each.state, each.aspect): each for each in rows}
    return tuple(
        _carried(state, aspect, said.get((state, aspect)))
        for state in bound_states()
        if not states or state in states
        for aspect in ASPECTS
    )


def _carried(state: str, aspect: Aspect, said: ArticleMeasure | None) -> Carried:
    part, provision = ASPECTS[aspect]
    if said is None:
        return Carried(state=state, aspect=aspect, part=part, provision=provision, answer=Answer.UNKNOWN)
    return Carried(
        state=state,
        aspect=aspect,
        part=part,
        provision=provision,
        answer=Answer(said.answer),
        how=said.how,
        source_url=said.source_url,
        on=said.on,
        certainty=Certainty(said.certainty),
        organisation=said.organisation.name,
    )
