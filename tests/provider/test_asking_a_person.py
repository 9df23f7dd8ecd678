"""What is missing is asked for, one name after the other, and nothing slips from one report to the next."""

import pytest
from click.testing import CliRunner

from tests.provider.drawn_leads import VIEWED, lead
from tutela.provider import asking
from tutela.provider.bundling import Seat
from tutela.provider.client import to_bytes
from tutela.provider.handing import Parcel
from tutela.provider.known import Answers, Known
from tutela.provider.reporting import Said, lacks, write_report

OF_THE_SERVICE = {
    "service": "hosting", "reporter_email": "reports@provider.example", "kept_by": "us", "kept_until": "2027-01-01",
}  # fmt: skip
NOBODY_KNOWS = dict.fromkeys(
    ("country", "screen_name", "email", "phone", "network_address", "network_at", "network_port", "where")
)


def typed(monkeypatch, lines, leads, **known):
    """What a person types into the questions; an answer that was not asked for is a defect."""
    waiting = iter(lines)
    asked = []

    def prompt(shown, **_):
        asked.append(shown.split(" ")[0])
        return next(waiting)

    monkeypatch.setattr(asking.click, "prompt", prompt)
    monkeypatch.setattr(asking.click, "confirm", lambda *_, **__: next(waiting) == "y")
    answers = Answers(all=Known.model_validate(known))
    with CliRunner().isolation():
        for each in leads:
            answers = asking.ask([each], answers, reporter_needed=False)
    assert list(waiting) == []
    return answers, asked


def test_what_only_looks_alike_is_asked_about_first(monkeypatch):
    alike = lead(alike=True)
    lines = [*VIEWED.values(), "unknown", "account-1"]
    answers, asked = typed(monkeypatch, lines, [alike], **OF_THE_SERVICE, **NOBODY_KNOWS)
    assert asked == ["viewed_by", "viewed_at", "viewed_as", "happened_at", "account"]
    said = [Said(alike, answers.of(alike))]
    assert not lacks(said)
    assert write_report(said, reference="story-1").parties[0].account_id == "account-1"


def test_rubbish_is_asked_again_and_now_is_a_moment(monkeypatch):
    alike = lead(alike=True)
    lines = ["reviewer-7", "yesterday", "now", "a cat", "known_material", "unknown", "account-1"]
    answers, asked = typed(monkeypatch, lines, [alike], **OF_THE_SERVICE, **NOBODY_KNOWS)
    assert asked.count("viewed_at") == asked.count("viewed_as") == 2
    assert answers.of(alike).viewed_at > alike.at


def test_whoever_saw_nothing_is_asked_nothing_more(monkeypatch):
    alike = lead(alike=True)
    answers, asked = typed(monkeypatch, ["reviewer-7", "now", "nothing"], [alike])
    assert answers.of(alike).viewed_as == "nothing"
    assert asked == ["viewed_by", "viewed_at", "viewed_as"]


def test_an_account_does_not_slip_into_the_next_report_but_the_service_does(monkeypatch):
    first, second = lead(1), lead(2)
    lines = ["unknown", "n", "hosting", "account-1", "unknown", "n", ""]
    known = {name: value for name, value in OF_THE_SERVICE.items() if name != "service"}
    answers, asked = typed(monkeypatch, lines, [first, second], **known, **NOBODY_KNOWS)
    assert asked == ["happened_at", "service", "account", "happened_at", "account"]
    assert answers.of(first).account == "account-1"
    assert answers.of(second).account is None and answers.of(second).service == "hosting"


def test_the_saboteur_who_lets_an_account_slip_is_seen(monkeypatch):
    monkeypatch.setattr(asking, "OF_THE_PROVIDER", frozenset(Known.model_fields))
    with pytest.raises((AssertionError, StopIteration)):
        test_an_account_does_not_slip_into_the_next_report_but_the_service_does(monkeypatch)


def test_one_of_two_names_is_enough(monkeypatch):
    lines = ["unknown", "n", "", "name-1"]
    known = {name: None for name in NOBODY_KNOWS if name != "screen_name"}
    answers, asked = typed(monkeypatch, lines, [lead()], **OF_THE_SERVICE, **known)
    assert asked == ["happened_at", "account", "screen_name"]
    assert answers.of(lead()).screen_name == "name-1"


@pytest.mark.parametrize(
    ("typed_in", "expected"),
    [
        (["fr", "the victim wrote from there"], ("FR", "the victim wrote from there", Seat())),
        (["US", "because", "unknown", "ie"], ("unknown", "because", Seat("IE"))),
        (["unknown", ""], ("unknown", None, Seat())),
    ],
)
def test_for_whom_a_bundle_is_is_asked_after_the_talk_and_not_refused(monkeypatch, typed_in, expected):
    waiting = iter(typed_in)
    monkeypatch.setattr(asking.click, "prompt", lambda *_, **__: next(waiting))
    known = Known.model_validate(OF_THE_SERVICE | {"happened_at": "unknown"})
    report = write_report([Said(lead(), known)], reference="story-1")
    with CliRunner().isolation():
        assert asking.ask_for_whom([Parcel(to_bytes(report))], None, None, Seat()) == expected
    assert list(waiting) == []
