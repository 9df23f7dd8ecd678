"""A gap for every cause and none without; what nobody looked at is not measured."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import cast
from tests.cast import Member
from tutela.accounts.policy import HOUSE, Role
from tutela.compliance import actions as compliance
from tutela.compliance import gaps as compliance_gaps
from tutela.compliance.matrix import assemble
from tutela.cooperation import actions as cooperation
from tutela.cooperation.actions import Phase
from tutela.cooperation.rules import Refused
from tutela.law.authorities import MEMBER_STATES
from tutela.law.dates import today
from tutela.strategy import actions, monitor
from tutela.strategy.gaps import Assessed, Delivery, Found, Kind, Need, Records, gaps
from tutela.strategy.practices import answering, shipped
from tutela.strategy.rules import STATISTICS

TODAY = today()
ON = date(2026, 11, 23)
ARTICLE = "dir-2011-93:art-22"
states = st.sampled_from(MEMBER_STATES)
assessed = st.builds(
    Assessed,
    record=st.from_regex(r"assessment:[1-9][0-9]{0,3}#1", fullmatch=True),
    state=states,
    number=st.integers(1, 21),
    phase=st.integers(1, 4),
    as_of=st.just(ON),
)
deliveries = st.builds(
    Delivery,
    record=st.from_regex(r"delivery:[1-9][0-9]{0,3}", fullmatch=True),
    state=states,
    provision=st.sampled_from(STATISTICS),
    year=st.integers(2022, 2025),
    looked_on=st.just(ON),
    delivered_on=st.none() | st.just(ON),
)
needs = st.builds(
    Need,
    record=st.from_regex(r"need:[1-9][0-9]{0,3}", fullmatch=True),
    state=states,
    provision=st.just(ARTICLE),
    sentence=st.just("text-1"),
    programmes=st.just(()) | st.just(("programme:1",)),
)


def policy(country: str) -> Member:
    return cast.person("Petra", Role.POLICY_OFFICER, cast.organisation("policy_body", country=country))


def look(found: Found, kind: Kind, state: str = "RO") -> tuple[int | None, int | None]:
    said = next(each for each in found.looks if (each.kind, each.state) == (kind, state))
    return said.n, said.gaps


def test_where_nobody_looked_nothing_is_measured_and_nothing_is_nought():
    found = gaps(Records(), on=ON)
    assert found.gaps == ()
    assert len(found.looks) == len(Kind) * len(MEMBER_STATES) == len(found.not_measured)
    assert all(each.why and each.gaps is None for each in found.looks)


def test_an_absent_room_and_an_empty_one_are_both_not_measured():
    for records in (Records(), Records(needs=(), deliveries=(), capabilities=())):
        assert look(gaps(records, on=ON), Kind.PREVENTION) == (None, None)


@given(st.lists(assessed), st.lists(deliveries), st.lists(needs))
def test_each_cause_makes_one_gap_that_names_it(capabilities, statistics, wanted):
    records = Records(capabilities=tuple(capabilities), deliveries=tuple(statistics), needs=tuple(wanted))
    found = gaps(records, on=ON)
    causes = [each.record for each in capabilities if each.phase <= 2]
    causes += [each.record for each in statistics if each.delivered_on is None]
    causes += [each.record for each in wanted if not each.programmes]
    assert sorted(each.records[0] for each in found.gaps) == sorted(causes)
    assert sum(each.gaps or 0 for each in found.looks) == len(causes)
    assert sum(each.n or 0 for each in found.looks) == len(capabilities) + len(statistics) + len(wanted)
    assert all(each.gaps <= each.n for each in found.looks if each.n is not None)


@given(st.lists(assessed), st.randoms())
def test_the_order_of_the_records_changes_nothing(capabilities, random):
    shuffled = random.sample(capabilities, len(capabilities))
    keyed = [
        sorted((each.key, each.records) for each in gaps(Records(capabilities=tuple(rows)), on=ON).gaps)
        for rows in (capabilities, shuffled)
    ]
    assert keyed[0] == keyed[1]


@given(st.lists(assessed, max_size=5), st.lists(deliveries, max_size=5), st.lists(needs, max_size=5))
def test_the_eight_initiatives_part_the_list_among_them(capabilities, statistics, wanted):
    found = gaps(
        Records(capabilities=tuple(capabilities), deliveries=tuple(statistics), needs=tuple(wanted)),
        on=ON,
        states=MEMBER_STATES[:9],
    )
    parts = [found.of_initiative(number) for number in range(1, 9)]
    assert sorted(each.key for part in parts for each in part.gaps) == sorted(each.key for each in found.gaps)


def test_denmark_has_no_gap_in_a_directive_that_does_not_bind_it():
    found = gaps(Records(matrix=assemble([])), on=ON, states=["DK"])
    assert found.gaps == ()
    assert "DK is not bound by the Directive." in {each.why for each in found.not_measured}


def test_a_procedure_whose_end_nobody_knows_is_a_gap_of_its_own_kind():
    found = gaps(Records(matrix=assemble([])), on=ON)
    unknown = [each for each in found.gaps if each.kind is Kind.PROCEDURE_UNKNOWN]
    assert len(unknown) > 20
    assert not [each for each in found.gaps if each.kind is Kind.PROCEDURE_OPEN]
    assert all(each.records and "status unknown" in each.sentence for each in unknown)
    assert len({each.key for each in found.gaps}) == len(found.gaps)


def test_a_procedure_that_may_be_open_is_not_counted_among_those_that_are_not():
    found = gaps(Records(matrix=assemble([])), on=ON, states=["RO"])
    n_known, n_all = look(found, Kind.PROCEDURE_OPEN)[0], look(found, Kind.PROCEDURE_UNKNOWN)[0]
    assert n_known + sum(each.kind is Kind.PROCEDURE_UNKNOWN for each in found.gaps) == n_all


def test_a_negative_finding_is_a_gap_and_a_practice_from_another_state_answers_it(db):
    petra = policy("BE")
    compliance.record_finding(
        provision=ARTICLE,
        state="RO",
        verdict="not",
        reason="text-1",
        source_url="https://r.example",
        on=ON,
        certainty="verified",
        by=petra.actor,
    )
    found = monitor.found(on=ON, states=["RO"])
    gap = next(each for each in found.gaps if each.kind is Kind.NEGATIVE_FINDING)
    assert (gap.key, look(found, Kind.NEGATIVE_FINDING)) == (f"negative_finding/RO/{ARTICLE}", (1, 1))
    assert {each.state for each in answering(gap, shipped())} == {"FI", "NL", "SE"}


def test_a_private_assessment_makes_a_gap_for_its_own_state_only(db):
    radu, freja, stranger = policy("RO"), policy("DK"), cast.stranger()
    low = [Phase(number=4, phase=1, why="text-1"), Phase(number=11, phase=2, why="text-2")]
    made = cooperation.assess(state="RO", as_of=TODAY, phases=low, by=radu.actor)
    seen = {
        who: look(monitor.found(on=TODAY, by=by, states=["RO"]), Kind.CAPABILITY_LOW)
        for who, by in {"public": None, "freja": freja.actor, "stranger": stranger.actor}.items()
    }
    assert set(seen.values()) == {(None, None)}
    mine = monitor.found(on=TODAY, by=radu.actor, states=["RO"])
    assert look(mine, Kind.CAPABILITY_LOW) == (2, 2)
    assert {each.initiative for each in mine.gaps if each.kind is Kind.CAPABILITY_LOW} == {4, 8}
    assert look(monitor.found(on=TODAY, by=HOUSE, states=["RO"]), Kind.CAPABILITY_LOW) == (2, 2)
    cooperation.publish(made.pk, by=radu.actor)
    assert look(monitor.found(on=TODAY, states=["RO"]), Kind.CAPABILITY_LOW) == (2, 2)


def test_only_the_newest_assessment_counts_and_a_nought_comes_with_its_n(db):
    radu = policy("RO")
    old, new = TODAY - timedelta(days=90), TODAY
    for as_of, phase in ((new, 4), (old, 1)):
        made = cooperation.assess(
            state="RO", as_of=as_of, phases=[Phase(number=5, phase=phase, why="text-1")], by=radu.actor
        )
        cooperation.publish(made.pk, by=radu.actor)
    assert look(monitor.found(on=TODAY, states=["RO"]), Kind.CAPABILITY_LOW) == (1, 0)


def test_a_statistic_that_was_looked_for_and_not_found_is_a_gap_until_it_is_found(db):
    radu = policy("RO")
    asked = {"state": "RO", "provision": STATISTICS[0], "year": 2024, "source_url": "https://s.example"}
    actions.look_for_statistic(**asked, by=radu.actor)
    assert look(monitor.found(on=TODAY, states=["RO"]), Kind.STATISTIC) == (1, 1)
    actions.look_for_statistic(**asked, delivered_on=date(2024, 9, 1), by=radu.actor)
    assert look(monitor.found(on=TODAY, states=["RO"]), Kind.STATISTIC) == (1, 0)


@pytest.mark.parametrize("state", ["EU", "GR", "ro", "", "\x00"])
def test_what_is_no_member_state_is_refused(state, db):
    with pytest.raises(Refused, match="state is one of"):
        monitor.found(on=ON, states=[state])


def test_every_gap_that_compliance_knows_has_a_kind_and_an_initiative_here():
    found = gaps(Records(matrix=assemble([])), on=ON, states=["RO"])
    assert {str(each) for each in compliance_gaps.Kind} == {str(each.kind) for each in found.of_initiative(1).looks}


def test_the_questions_do_not_grow_with_the_states(db, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        monitor.found(on=ON)
