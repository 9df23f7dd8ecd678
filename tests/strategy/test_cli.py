"""One command gives the list, and gives it again."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner

from tests import cast
from tutela.accounts.policy import Role
from tutela.cooperation import actions as cooperation
from tutela.cooperation.actions import Phase
from tutela.law.dates import today
from tutela.strategy import actions
from tutela.strategy.cli import strategy

pytestmark = pytest.mark.django_db
TODAY = today()


def run(*words: str) -> str:
    answer = CliRunner().invoke(strategy, words)
    assert answer.exit_code == 0, answer.output
    return answer.output


def radu():
    return cast.person("Radu", Role.POLICY_OFFICER, cast.organisation("policy_body", country="RO")).actor


def test_the_list_is_the_same_each_time_and_names_its_causes():
    once, again = (run("gaps", "--state", "RO", "--json", "--on", "2026-11-23") for _ in range(2))
    assert once == again
    told = json.loads(once)
    assert told["n"] == {"gaps": len(told["gaps"]), "looks": 7, "not_measured": 5}
    assert all(each["records"] and each["sentence"] and each["key"] for each in told["gaps"])
    assert {each["kind"] for each in told["gaps"]} == {"procedure_status_unknown"}


def test_a_private_assessment_is_listed_only_when_it_is_asked_for():
    cooperation.assess(state="RO", as_of=TODAY, phases=[Phase(number=4, phase=1, why="text-1")], by=radu())
    assert "capability:4" not in run("gaps", "--state", "RO")
    assert "capability_low/RO/capability:4" in run("gaps", "--state", "ro", "--private", "--initiative", "4")


def test_what_is_not_measured_is_said_in_words():
    said = run("gaps", "--state", "RO", "--initiative", "5")
    assert "0 gaps" in said
    assert "RO prevention_need_without_programme: not measured: Nobody has compared" in said


def test_a_state_that_is_none_is_refused_with_exit_3():
    answer = CliRunner().invoke(strategy, ["gaps", "--state", "GR"])
    assert answer.exit_code == 3
    assert "The state is one of: AT, BE" in answer.output


def test_late_actions_say_by_how_many_days():
    plan = {"initiative": 1, "country": "RO", "owner": "Ministry Example", "decided_on": TODAY - timedelta(days=40)}
    by = radu()
    actions.plan(**plan, what="text-1", due=TODAY - timedelta(days=3), by=by)
    actions.plan(**plan, what="text-2", due=TODAY, by=by)
    told = json.loads(run("actions", "--json"))
    assert told["n"] == {"all": 2, "late": 1}
    assert [(each["standing"], each["days_late"]) for each in told["actions"]] == [("late", 3), ("open", 0)]
    assert "late, 3 days late: RO, Ministry Example: text-1" in run("actions", "--late")
    assert "text-2" not in run("actions", "--late")
