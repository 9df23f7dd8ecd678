"""One report from the queue to the authority's answer, by hand, through the pages."""

import json
from hashlib import sha256

import pytest

from tests import cast
from tests.console.scenes import address, case_of, engineer, grooming, proposed, received, signed_in, worked
from tutela.audit.models import Leaf
from tutela.cases.models import Case
from tutela.exchange import messages
from tutela.indicators import actions as indicators
from tutela.referrals import actions
from tutela.referrals.models import Referral

REFER = {"decision": "refer", "grounds": ["danger_stated"]}


@pytest.fixture
def story(fresh_database):
    """Ana, Boris and two cases that wait, the dangerous one second to arrive."""
    eva = engineer()
    dull, dangerous = received(eva), received(eva, **grooming())
    worked()
    return eva, signed_in(cast.ana().person), signed_in(cast.boris().person), dull, dangerous


def test_danger_comes_first_whatever_came_earlier(story):
    _, ana, _, dull, dangerous = story
    page = ana.get(address("queue")).content.decode()
    first, second = (page.index(address("case", number=case_of(each).pk)) for each in (dangerous, dull))
    assert first < second
    assert "escalation stated" in page
    assert address("case", number=case_of(dull).pk) not in ana.get(address("queue"), {"country": "fr"}).content.decode()


def test_the_facts_are_shown_and_no_word_of_the_report_until_it_is_opened(story):
    _, ana, _, _, dangerous = story
    page = ana.get(address("case", number=case_of(dangerous).pk)).content.decode()
    assert "text-escalation" not in page
    assert f"{address('words', number=dangerous.pk)}?purpose=assessment" in page
    assert not Leaf.objects.filter(action="report.read").exists()


def test_a_case_goes_from_two_readers_to_two_authorities_and_back_to_its_sender(story):
    eva, ana, boris, _, dangerous = story
    case = case_of(dangerous)
    chiara = signed_in(cast.officer("FR", authority="authority:fr").person)
    dora = signed_in(cast.officer("DE", authority="authority:de").person)
    assert ana.post(address("assess", number=case.pk), REFER).status_code == 302
    assert "second_reading" in boris.get(address("case", number=case.pk)).content.decode()
    said = {"agree": "yes", "grounds": ["danger_stated"]}
    assert boris.post(address("confirm", number=case.pk), said).status_code == 302
    assert ana.post(address("hand_over", number=case.pk)).status_code == 302
    assert Referral.objects.count() == 0, "nothing is handed over by a slip of the finger"
    ana.post(address("hand_over", number=case.pk), {"sure": "on"})
    to_france = Referral.objects.get(authority="authority:fr")

    assert dora.get(address("referral", number=to_france.pk)).status_code == 404
    sealed = chiara.get(address("dossier", number=to_france.pk)).content.decode()
    assert "text-escalation" not in sealed
    opened = chiara.get(address("dossier", number=to_france.pk), {"purpose": "investigation"}).content.decode()
    assert "Signature verified" in opened
    assert "text-escalation" in opened
    kept = chiara.get(address("dossier_file", number=to_france.pk), {"purpose": "investigation"})
    assert kept["Content-Type"] == "application/zip"

    chiara.post(address("acknowledge", number=to_france.pk))
    again = chiara.post(address("acknowledge", number=to_france.pk))
    assert (again.status_code, "already acknowledged" in again.content.decode()) == (409, True)
    answer = {"code": "child_protected", "national_reference": "FR-1", "reason": "text-private"}
    assert chiara.post(address("answer", number=to_france.pk), answer).status_code == 302
    senders = signed_in(eva.person).get(address("report", number=dangerous.pk)).content.decode()
    assert "child protected" in senders
    assert "text-private" not in senders
    mine = chiara.get(address("dossier", number=to_france.pk), {"purpose": "investigation"}).content.decode()
    assert "text-private" in mine


def test_the_first_reader_is_told_why_she_may_not_confirm(story):
    _, ana, _, _, dangerous = story
    number = case_of(dangerous).pk
    ana.post(address("assess", number=number), REFER)
    page = ana.get(address("case", number=number)).content.decode()
    assert "You were the first reader" in page
    assert address("confirm", number=number) not in page
    forced = ana.post(address("confirm", number=number), {"agree": "yes", "grounds": ["danger_stated"]})
    assert forced.status_code == 409
    assert "another person" in forced.content.decode()
    assert Case.objects.get(pk=number).state == "assessed"


@pytest.mark.parametrize("said", [{}, {"decision": "refer"}, {"decision": "burn", "grounds": ["danger_stated"]}])
def test_a_decision_without_what_it_needs_is_refused_in_words_and_nothing_changes(said, story):
    _, ana, _, _, dangerous = story
    number = case_of(dangerous).pk
    answer = ana.post(address("assess", number=number), said)
    assert answer.status_code == 409
    assert 'role="alert"' in answer.content.decode()
    assert Case.objects.get(pk=number).state == "waiting"


def test_submit_and_next_leads_to_the_next_case_that_waits(story):
    _, ana, boris, dull, dangerous = story
    first, second = case_of(dangerous).pk, case_of(dull).pk
    assert ana.post(address("assess", number=first), REFER | {"then": "next"}).url == address("case", number=second)
    dismiss = {"decision": "dismiss", "grounds": ["no_offence_stated"], "then": "next"}
    assert ana.post(address("assess", number=second), dismiss).url == address("queue")
    said = {"agree": "no", "then": "next"}
    assert boris.post(address("confirm", number=first), said).url == address("case", number=second)


def test_a_dossier_that_was_altered_is_never_shown(story, monkeypatch):
    _, ana, boris, _, dangerous = story
    number = case_of(dangerous).pk
    chiara = signed_in(cast.officer("FR", authority="authority:fr").person)
    ana.post(address("assess", number=number), REFER)
    boris.post(address("confirm", number=number), {"agree": "yes", "grounds": ["danger_stated"]})
    ana.post(address("hand_over", number=number), {"sure": "on"})
    referral = Referral.objects.get(authority="authority:fr")
    opened = actions.open_dossier

    def altered(*said: object, **named: object) -> bytes:
        return opened(*said, **named).replace(b"text-escalation", b"text-escalati0n")

    monkeypatch.setattr(actions, "open_dossier", altered)
    page = chiara.get(address("dossier", number=referral.pk), {"purpose": "investigation"}).content.decode()
    assert "The signature does not hold" in page
    assert "text-escalat" not in page


def test_the_trail_of_a_case_tells_every_act_with_its_report(story):
    _, ana, _, _, dangerous = story
    number = case_of(dangerous).pk
    ana.get(address("words", number=dangerous.pk), {"purpose": "assessment"})
    ana.post(address("assess", number=number), REFER)
    page = ana.get(address("case_trail", number=number)).content.decode()
    for action in ("report.received", "report.matched", "report.read", "case.assessed", "case.trail_read"):
        assert action in page
    assert json.loads(bytes(Leaf.objects.get(action="report.read").content))["purpose"] == "assessment"


def test_a_confirmed_case_is_sent_back_to_be_read_anew(story):
    _, ana, boris, _, dangerous = story
    number = case_of(dangerous).pk
    ana.post(address("assess", number=number), REFER)
    boris.post(address("confirm", number=number), {"agree": "yes", "grounds": ["danger_stated"]})
    assert address("send_back", number=number) in ana.get(address("case", number=number)).content.decode()
    assert ana.post(address("send_back", number=number)).status_code == 302
    assert Case.objects.get(pk=number).state == "waiting"
    said = ana.post(address("send_back", number=number), follow=True).content.decode()
    assert "not open to" in said


def test_a_match_with_an_indicator_that_was_withdrawn_is_struck_out(fresh_database):
    first, second = cast.ana(), cast.boris()
    indicator = indicators.confirm(proposed(first, "text-1"), by=second.actor)
    digest = messages.Digest(algorithm="sha256", value=sha256(b"text-1").hexdigest())
    report = received(engineer(), items=[messages.Item(digests=[digest])])
    worked()
    ana, here = signed_in(first.person), address("indicator", indicator=indicator.pk)
    pages = [address("case", number=case_of(report).pk), address("report", number=report.pk)]
    grounds = 'value="known_item"'
    for page in pages:
        assert f'<s><a href="{here}"' not in ana.get(page).content.decode()
    assert grounds in ana.get(pages[0]).content.decode()
    indicators.withdraw(indicator, reason="text-2", by=first.actor)
    for page in pages:
        shown = ana.get(page).content.decode()
        assert f'<s><a href="{here}"' in shown
        assert "counts no longer" in shown
    assert grounds not in ana.get(pages[0]).content.decode()
