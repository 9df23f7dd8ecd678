"""A house with something of every kind on every page: what is only looked at while it is empty is not looked at."""

from datetime import timedelta

from tests.compliance import stories
from tests.cooperation.conftest import policy
from tests.portal.conftest import plan, send, tick
from tutela.accounts.policy import Actor
from tutela.compliance import actions as compliance
from tutela.compliance.rules import Verdict
from tutela.cooperation import actions as cooperation
from tutela.cooperation.capabilities import capabilities
from tutela.law.dates import today
from tutela.law.sources import Certainty
from tutela.portal.priority_actions import ROWS_PER_PAGE
from tutela.strategy import actions as strategy
from tutela.strategy.rules import STATISTICS

SOURCE = "https://source.example/1"
CELL, OTHER_CELL = "dir-2011-93:art-25-1", "dir-2011-93:art-22"
LATE_GAP = f"negative_finding/RO/{OTHER_CELL}"
CLOSED_GAP = "negative_finding/RO/dir-2011-93:art-21-a"
DAY = timedelta(days=1)


def furnish() -> str:
    """The way of one report; all else is found by who reads the pages, in Romania above all."""
    radu, petra = policy("Radu", "RO").actor, policy("Petra", "EU").actor
    _examine(radu)
    _say_how_pages_are_removed(radu)
    _look(radu)
    _act(radu)
    _cooperate(petra)
    way = send()[1]
    tick()
    return way


def _examine(radu: Actor) -> None:
    """A list of measures, an open procedure, and findings that are negative, secondary and good."""
    stories.import_nim(stories.binding(1), stories.binding(2, "BGR"), by=radu)
    stories.import_register(stories.decision(number="INFR(2024)2001", date="2024-03-01"), by=radu)
    for provision, verdict, certainty in (
        (CELL, Verdict.PARTLY, Certainty.SECONDARY),
        (OTHER_CELL, Verdict.NOT, Certainty.VERIFIED),
        ("dir-2011-93:art-21-a", Verdict.CONFORM, Certainty.VERIFIED),
        ("dir-2011-93:art-21-b", Verdict.UNKNOWN, Certainty.VERIFIED),
    ):
        compliance.record_finding(
            provision=provision,
            state="RO",
            verdict=verdict,
            reason="text-1",
            source_url=SOURCE,
            on=today(),
            certainty=certainty,
            measures=["72011L0093ROU_201400001"],
            by=radu,
        )


def _say_how_pages_are_removed(radu: Actor) -> None:
    said = {"state": "RO", "how": "text-10", "source_url": SOURCE, "on": today(), "by": radu}
    for aspect, answer, certainty in (
        ("removal_of_what_is_hosted_here", "yes", Certainty.VERIFIED),
        ("blocking", "yes", Certainty.SECONDARY),
        ("judicial_redress", "no", Certainty.VERIFIED),
    ):
        compliance.record_article_measure(aspect=aspect, answer=answer, certainty=certainty, **said)


def _look(radu: Actor) -> None:
    """A capability that the state itself places low, a statistic that was not found, a practice where it is missing."""
    phases = [cooperation.Phase(number=each.number, phase=1 + each.number % 4, why="text-2") for each in capabilities()]
    cooperation.publish(cooperation.assess(state="RO", as_of=today(), phases=phases, by=radu).pk, by=radu)
    strategy.look_for_statistic(state="RO", provision=STATISTICS[0], year=2024, source_url=SOURCE, by=radu)
    for about in (OTHER_CELL, "capability:4"):
        strategy.note_practice(
            name=f"Practice Example, {about}",
            what="text-3",
            state="BG",
            about=about,
            source_url=SOURCE,
            checked_on=today(),
            certainty=Certainty.VERIFIED,
            by=radu,
        )


def _act(radu: Actor) -> None:
    """One of each standing; those that are late fill more than one page."""
    for number in range(ROWS_PER_PAGE):
        plan("RO", radu, what=f"text-4-{number}", gap=LATE_GAP if number == 0 else "")
    plan("RO", radu, due=today() + DAY, gap=CLOSED_GAP)
    for due in (today(), today() - 3 * DAY):
        done = plan("RO", radu, due=due)
        strategy.finish(done.pk, on=today(), evidence_url=SOURCE, by=radu)
    strategy.drop(plan("RO", radu).pk, reason="text-5", by=radu)


def _cooperate(petra: Actor) -> None:
    meeting = cooperation.record_meeting(held_on=today() - 9 * DAY, title="text-6", source_url=SOURCE, by=petra)
    cooperation.record_decision(meeting.pk, what="text-7", owner="Owner Example", due=today() - DAY, by=petra)
    made = {"made_on": today() - 9 * DAY, "source_url": SOURCE, "company": "Company Example", "by": petra}
    cooperation.record_commitment(what="text-8", due=today() - DAY, **made)
    kept = cooperation.record_commitment(what="text-9", **made)
    cooperation.keep_commitment(kept.pk, on=today(), evidence_url=SOURCE, by=petra)
