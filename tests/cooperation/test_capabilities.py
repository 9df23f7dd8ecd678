"""What a state says of itself is its own until it publishes it, and what its police lack stays its own for ever."""

from datetime import timedelta

import pytest

from tests import cast
from tests.cooperation.conftest import policy
from tutela.accounts.policy import HOUSE, NotYours
from tutela.audit.models import Leaf
from tutela.cooperation import actions
from tutela.cooperation.actions import Phase
from tutela.cooperation.capabilities import capabilities, capability, phase_label, read_capabilities
from tutela.cooperation.models import Assessment, PoliceCapability
from tutela.cooperation.rules import Refused
from tutela.law.dates import today
from tutela.law.records import BadRecord, parse
from tutela.law.sources import Certainty

TODAY = today()
DAY = timedelta(days=1)
WHY = "text-1"
ALL = [Phase(number=number, phase=1 + number % 4, why=WHY) for number in range(1, 22)]


def make(radu) -> Assessment:
    return actions.assess(state="RO", as_of=TODAY, phases=ALL, by=radu.actor)


def test_there_are_21_capabilities_in_6_domains_and_a_name_from_memory_is_not_printed():
    found = capabilities()
    assert (len(found), len({each.domain for each in found})) == (21, 6)
    unread = [each for each in found if each.source.certainty is Certainty.MEMORY]
    assert [each.number for each in unread] == [1, 2, 3]
    assert not [each for each in unread if each.name in each.label]
    assert capability(12).label == "CSEA Hotline"


def test_the_phases_have_numbers_and_no_names():
    assert [phase_label(phase) for phase in (1, 2, 3, 4)] == [f"phase {phase} of 4" for phase in (1, 2, 3, 4)]


def test_a_list_with_a_capability_missing_or_twice_is_no_list():
    head = "source_url = 'https://c.example'\nchecked_on = 2026-11-23\ncertainty = 'verified'\n"
    one = "[[capability]]\nnumber = 1\ndomain = 'D'\nname = 'N'\n"
    for text in (head, head + one, head + one * 21):
        with pytest.raises(BadRecord, match="1 to 21, each once"):
            read_capabilities(parse("capabilities.toml", text))


def test_nobody_else_sees_an_assessment_until_it_is_published(radu, freja, petra):
    made = make(radu)
    others = [each.actor for each in (freja, petra, policy("Other", "RO"), cast.stranger(), cast.ana())]
    assert list(Assessment.objects.open_to(radu.actor)) == [made] == list(Assessment.objects.open_to(HOUSE))
    assert [list(Assessment.objects.open_to(by)) for by in others] == [[]] * 5
    assert list(Assessment.objects.published()) == []
    actions.publish(made.pk, by=radu.actor)
    assert [list(Assessment.objects.open_to(by)) for by in others] == [[made]] * 5
    assert list(Assessment.objects.published()) == [made]
    actions.make_private(made.pk, by=radu.actor)
    assert [list(Assessment.objects.open_to(by)) for by in others] == [[]] * 5


def test_publishing_is_the_states_own_act_and_on_record(radu, freja, petra):
    made = make(radu)
    for somebody in (freja, petra, cast.stranger(), cast.ana()):
        with pytest.raises(NotYours):
            actions.publish(made.pk, by=somebody.actor)
        with pytest.raises(NotYours):
            actions.publish(made.pk + 999, by=somebody.actor)
    with pytest.raises(Refused, match="private already"):
        actions.make_private(made.pk, by=radu.actor)
    actions.publish(made.pk, by=radu.actor)
    with pytest.raises(Refused, match="published already"):
        actions.publish(made.pk, by=radu.actor)
    leaf = Leaf.objects.latest("pk")
    assert (leaf.action, leaf.actor) == ("assessment.published", f"person:{radu.actor.id}")


def test_nobody_assesses_another_state(radu, freja, petra):
    for somebody in (freja, petra, cast.stranger(), policy("Nobody", "")):
        with pytest.raises(NotYours):
            actions.assess(state="RO", as_of=TODAY, phases=ALL, by=somebody.actor)
    assert Assessment.objects.count() == 0


@pytest.mark.parametrize(
    ("phases", "said"),
    [
        ([], "at least one"),
        ([Phase(number=1, phase=1, why=WHY)] * 2, "each of them once"),
        ([Phase(number=22, phase=1, why=WHY)], "21 capabilities"),
        ([Phase(number=0, phase=1, why=WHY)], "21 capabilities"),
        ([Phase(number=1, phase=5, why=WHY)], "phase 1, 2, 3 or 4"),
        ([Phase(number=1, phase=1, why=" ")], "Write the reason"),
        ([Phase(number=1, phase=1, why=WHY, evidence_url="x")], "Name the evidence"),
    ],
)
def test_a_bad_assessment_leaves_nothing(radu, phases, said):
    with pytest.raises(Refused, match=said):
        actions.assess(state="RO", as_of=TODAY, phases=phases, by=radu.actor)
    assert Assessment.objects.count() == 0


def test_an_assessment_has_its_own_day_that_has_come(radu):
    make(radu)
    with pytest.raises(Refused, match="already"):
        make(radu)
    with pytest.raises(Refused, match="in the future"):
        actions.assess(state="RO", as_of=TODAY + DAY, phases=ALL, by=radu.actor)


def test_what_police_have_is_read_by_its_own_state_only(radu, freja, petra):
    noted = actions.note_police_capability(
        state="RO", area="funding", what="text-1", since=TODAY, amount_eur=100_000, by=radu.actor
    )
    assert list(PoliceCapability.objects.open_to(radu.actor)) == [noted]
    for somebody in (freja, petra, cast.stranger(), cast.officer("RO"), cast.ana()):
        assert list(PoliceCapability.objects.open_to(somebody.actor)) == []
        with pytest.raises(NotYours):
            actions.note_police_capability(state="RO", area="training", what="text-1", since=TODAY, by=somebody.actor)
    assert b"text-1" not in bytes(Leaf.objects.latest("pk").content)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"state": "GR"}, "not a Member State"),
        ({"area": "weapons"}, "area is one of"),
        ({"until": TODAY - DAY}, "cannot end on"),
        ({"amount_eur": 5}, "belongs to funding"),
        ({"area": "funding", "amount_eur": -1}, "nought or more"),
        ({"what": ""}, "Write the capability"),
    ],
)
def test_a_bad_police_capability_is_refused(radu, change, said):
    told = {"state": "RO", "area": "training", "what": "text-1", "since": TODAY} | change
    with pytest.raises(Refused, match=said):
        actions.note_police_capability(**told, by=radu.actor)
    assert PoliceCapability.objects.count() == 0
