"""What the policy officers and the providers of the console's world have on record, each thing with its owner."""

from dataclasses import dataclass
from datetime import date

from tests.cast import Member
from tests.compliance.stories import binding, import_nim, technology
from tutela.compliance.models import Batch, Technology
from tutela.cooperation import actions as cooperation
from tutela.cooperation.models import Assessment, Commitment, Decision, Meeting, Partner
from tutela.strategy import actions as strategy
from tutela.strategy.models import PriorityAction

SOURCE = "https://source.example/1"
DAY, DUE = date(2026, 11, 1), date(2027, 11, 1)


@dataclass(frozen=True)
class Papers:
    batch: Batch
    technologies: list[Technology]
    actions: list[PriorityAction]
    assessment: Assessment
    published: Assessment
    meeting: Meeting
    decision: Decision
    commitment: Commitment
    partner: Partner


def papers(*, state: Member, union: Member, providers: list[Member]) -> Papers:
    by, where = state.actor, state.person.organisation.country
    plan = {"initiative": 1, "what": "text-1", "owner": "Ministry Example", "due": DUE, "decided_on": DAY}
    phases = [cooperation.Phase(number=1, phase=2, why="text-1")]
    assessments = [cooperation.assess(state=where, as_of=DAY.replace(day=n), phases=phases, by=by) for n in (1, 2)]
    meeting = cooperation.record_meeting(held_on=DAY, title="Meeting Example", source_url=SOURCE, by=union.actor)
    return Papers(
        batch=import_nim(binding(1), by=by),
        technologies=[technology(each.actor) for each in providers],
        actions=[
            strategy.plan(**plan, country=where, by=by),
            strategy.plan(**plan, country="EU", by=union.actor),
        ],
        assessment=assessments[0],
        published=cooperation.publish(assessments[1].pk, by=by),
        meeting=meeting,
        decision=cooperation.record_decision(meeting.pk, what="text-1", owner="Body Example", by=union.actor),
        commitment=cooperation.record_commitment(
            what="text-1", made_on=DAY, source_url=SOURCE, provider=providers[0].person.organisation, by=union.actor
        ),
        partner=cooperation.add_partner(
            kind="hotline", name="Hotline Example", country="FR", exchanged="text-1", ground="dir-2011-93:art-25-1",
            source_url=SOURCE, checked_on=DAY, certainty="secondary", by=by,
        ),
    )  # fmt: skip
