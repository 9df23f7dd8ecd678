"""A person finds; the newer finding replaces the older and both are kept."""

from datetime import date

import pytest

from tests import cast
from tests.compliance.stories import ARTICLE, binding, find, import_nim, policy_officer
from tutela.accounts.policy import HOUSE, NotYours
from tutela.audit.models import Leaf
from tutela.compliance import actions
from tutela.compliance.article_25 import article_25
from tutela.compliance.models import ArticleMeasure, Finding
from tutela.compliance.rules import Answer, Aspect, Refused, Verdict

pytestmark = pytest.mark.django_db
GOOD = {
    "provision": ARTICLE,
    "state": "RO",
    "verdict": "not",
    "reason": "text-1",
    "source_url": "https://report.example/2026",
    "on": date(2026, 3, 1),
    "certainty": "secondary",
}


@pytest.fixture
def petra():
    return policy_officer().actor


def carried(aspect: Aspect, by, answer: Answer = Answer.YES, state: str = "RO") -> ArticleMeasure:
    said = {"how": "text-1", "source_url": "https://report.example/", "on": date(2016, 12, 16), "certainty": "verified"}
    return actions.record_article_measure(aspect=aspect, state=state, answer=answer, by=by, **said)


def test_a_finding_has_an_author_a_day_and_a_source(petra) -> None:
    found = find(Verdict.PARTLY, by=petra)
    assert (str(found.author.public_id), found.organisation_id) == (petra.id, petra.organisation_id)
    assert (found.on, found.source_url) == (date(2026, 3, 1), "https://report.example/2026")
    assert Leaf.objects.filter(action="compliance.found", subject=f"finding:{found.pk}").count() == 1


def test_the_newer_finding_replaces_the_older_in_its_own_cell_only(petra) -> None:
    first, elsewhere = find(Verdict.NOT, by=petra), find(Verdict.NOT, by=petra, state="BG")
    second = find(Verdict.CONFORM, by=policy_officer("RO").actor)
    first.refresh_from_db()
    assert first.replaced_at is not None
    assert set(Finding.objects.filter(replaced_at=None)) == {second, elsewhere}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"state": "DK"}, "DK is not bound"),
        ({"state": "GR"}, "use its EU code"),
        ({"provision": "dir-2011-93:art-99"}, "is not an article"),
        ({"provision": "dir-2011-93:rec-28"}, "is not an article"),
        ({"verdict": "splendid"}, "is not one of: conform"),
        ({"reason": "  "}, "Say why"),
        ({"reason": "x" * 4001}, "Say why"),
        ({"source_url": "a newspaper"}, "Name the source"),
        ({"on": date(2999, 1, 1)}, "between 2011-12-13 and today"),
        ({"on": date(2010, 1, 1)}, "between 2011-12-13 and today"),
        ({"certainty": "memory"}, "what is only remembered is no finding"),
        ({"certainty": "rumour"}, "is not one of: verified"),
        ({"measures": ["72011L0093BGR_201400001"]}, "Not among this state's notified measures"),
    ],
)
def test_what_is_wrong_is_refused_with_what_to_change(petra, changes, sentence) -> None:
    import_nim(binding(1), binding(1, "BGR"), by=petra)
    with pytest.raises(Refused, match=sentence):
        actions.record_finding(**(GOOD | changes), by=petra)
    assert not Finding.objects.exists()


def test_a_finding_rests_on_measures_that_stand_in_the_list(petra) -> None:
    import_nim(binding(1), by=petra)
    assert find(Verdict.CONFORM, by=petra, measures=("72011L0093ROU_201400001",)).measures == [
        "72011L0093ROU_201400001"
    ]
    import_nim(binding(2), by=petra)
    with pytest.raises(Refused):
        find(Verdict.CONFORM, by=petra, measures=("72011L0093ROU_201400001",))


@pytest.mark.parametrize("who", [cast.stranger, cast.ana, cast.officer])
def test_nobody_else_finds(who) -> None:
    with pytest.raises(NotYours):
        find(Verdict.NOT, by=who().actor)
    with pytest.raises(NotYours):
        carried(Aspect.BLOCKING, who().actor)
    assert (Finding.objects.count(), ArticleMeasure.objects.count()) == (0, 0)


def test_a_machine_does_not_find() -> None:
    with pytest.raises(Refused, match="A person finds"):
        find(Verdict.NOT, by=HOUSE)


def test_article_25_starts_unknown_in_each_state_that_is_bound() -> None:
    found = article_25()
    assert len(found) == 26 * 7
    assert {each.answer for each in found} == {Answer.UNKNOWN}
    assert {each.part for each in found} == {"removal", "blocking", "safeguards"}


def test_removal_and_blocking_are_told_apart(petra) -> None:
    carried(Aspect.REMOVAL_HERE, petra)
    carried(Aspect.BLOCKING, petra, Answer.NO)
    said = {each.aspect: each.answer for each in article_25(["RO"])}
    assert (said[Aspect.REMOVAL_HERE], said[Aspect.BLOCKING], said[Aspect.REDRESS]) == ("yes", "no", "unknown")


def test_safeguards_are_asked_for_where_a_state_blocks_and_end_with_it(petra) -> None:
    with pytest.raises(Refused, match="Say first that RO blocks"):
        carried(Aspect.REDRESS, petra)
    carried(Aspect.BLOCKING, petra)
    carried(Aspect.REDRESS, petra)
    with pytest.raises(Refused):
        carried(Aspect.REDRESS, petra, state="BG")
    carried(Aspect.BLOCKING, petra, Answer.NO)
    assert {each.aspect for each in article_25() if each.source_url} == {Aspect.BLOCKING}


def test_denmark_has_no_article_25(petra) -> None:
    with pytest.raises(Refused, match="DK is not bound"):
        carried(Aspect.BLOCKING, petra, state="DK")
