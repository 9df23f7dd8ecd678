"""A report is found, followed, opened for a purpose, and its readings are told to those who watch."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.utils.html import escape

from tests import cast
from tests.console.scenes import address, engineer, received, signed_in
from tutela.accounts.policy import Role
from tutela.audit.models import Leaf
from tutela.exchange import messages
from tutela.safeguards.models import Hold

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'`{{ 7|add:7 }}"


def dpo() -> cast.Member:
    return cast.person("Dimitri", Role.DATA_PROTECTION_OFFICER, cast.organisation("centre"))


def test_a_report_is_found_by_number_reference_and_hash():
    eva = engineer()
    item = messages.Item(digests=[messages.Digest(algorithm="sha256", value="0123456789abcdef" * 4)])
    report, other = received(eva, items=[item]), received(eva)
    client = signed_in(cast.ana().person)
    for asked in (str(report.number), report.reference, "0123456789ABCDEF" * 4):
        page = client.get(address("reports"), {"q": asked}).content.decode()
        assert address("report", number=report.number) in page
        assert address("report", number=other.number) not in page


def test_the_stranger_finds_nobody_elses_report_by_any_name_it_has():
    report = received(engineer())
    client = signed_in(cast.stranger().person)
    nothing = client.get(address("reports"), {"q": "99999999"}).content.replace(b"99999999", b"")
    for asked in (str(report.number), report.reference):
        assert client.get(address("reports"), {"q": asked}).content.replace(asked.encode(), b"") == nothing


def test_words_are_opened_for_a_purpose_only_and_the_reading_is_written_down():
    report, client = received(engineer(), additional=["text-secret"]), signed_in(cast.ana().person)
    for query in ({}, {"purpose": "curiosity"}):
        page = client.get(address("words", number=report.number), query)
        assert "text-secret" not in page.content.decode()
    assert not Leaf.objects.filter(action="report.read").exists()
    assert (
        "text-secret" in client.get(address("words", number=report.number), {"purpose": "assessment"}).content.decode()
    )
    leaf = Leaf.objects.get(action="report.read")
    assert json.loads(bytes(leaf.content))["purpose"] == "assessment"


def test_where_the_reading_cannot_be_written_nothing_is_shown(monkeypatch):
    report, client = received(engineer(), additional=["text-secret"]), signed_in(cast.ana().person)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the record cannot be written")

    monkeypatch.setattr("tutela.reports.actions.reading.audit.record", broken)
    with pytest.raises(RuntimeError):
        client.get(address("words", number=report.number), {"purpose": "assessment"})


def test_hostile_text_is_shown_as_text_everywhere():
    party = messages.Party(
        role="suspect",
        account_id=HOSTILE,
        screen_name=HOSTILE,
        display_names=[HOSTILE],
        biography=HOSTILE,
        person=messages.Person(first_name=HOSTILE, phones=[messages.Phone(number=HOSTILE)]),
        devices=[messages.Device(id_type=HOSTILE, id_value=HOSTILE)],
    )
    place = messages.Place(kind="chat", name=HOSTILE, content=HOSTILE, urls=[f"https://a.example/{HOSTILE}"])
    item = messages.Item(name=HOSTILE, properties=[messages.Property(name="n", value=HOSTILE)], additional=[HOSTILE])
    report = received(engineer(), parties=[party], places=[place], items=[item], additional=[HOSTILE])
    client = signed_in(cast.ana().person)
    for name in ("words", "originals"):
        page = client.get(address(name, number=report.number), {"purpose": "assessment"}).content.decode()
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "{{ 7|add:7 }}" in page
    assert page.count(escape("<script>alert(1)</script>")) >= 10
    searched = client.get(address("reports"), {"q": HOSTILE}).content.decode()
    assert "<script>alert" not in searched


def test_the_sender_reads_what_was_missing_and_what_follows_but_never_the_words_of_others():
    eva = engineer()
    report = received(eva)
    client = signed_in(eva.person)
    page = client.get(address("report", number=report.number)).content.decode()
    assert "no authority can be chosen by place" in page
    assert client.get(address("words", number=report.number)).status_code == 404
    receipt = client.get(address("receipt", number=report.number))
    assert json.loads(receipt.content)["body"]["report"] == report.number


def test_only_the_sender_holds_the_receipt_since_it_carries_the_token_to_complete():
    report = received(engineer())
    for reader in (cast.ana(), dpo(), cast.stranger()):
        client = signed_in(reader.person)
        assert client.get(address("receipt", number=report.number)).status_code == 404
        token = json.loads(bytes(report.receipts.get().statement))["body"]["complete_with"]
        assert token not in client.get(address("report", number=report.number)).content.decode()


def test_the_data_protection_officer_sees_who_read_it_for_what_and_when_it_is_erased():
    report = received(engineer(), additional=["text-secret"])
    ana = cast.ana()
    signed_in(ana.person).get(address("words", number=report.number), {"purpose": "second_reading"})
    page = signed_in(dpo().person).get(address("accesses", number=report.number)).content.decode()
    assert "report.read" in page
    assert "second reading" in page
    assert ana.person.organisation.name in page
    assert f"{report.received_at.year + 1}-{report.received_at:%m-%d}" in page
    assert ana.person.name not in page.split("<h2>Record</h2>")[1]
    assert "text-secret" not in page


def test_the_data_protection_officer_holds_a_report_for_an_authority_and_releases_it():
    report, client = received(engineer()), signed_in(dpo().person)
    page, form = address("accesses", number=report.number), address("hold", number=report.number)
    assert form in client.get(page).content.decode()
    until = datetime.now(UTC).date() + timedelta(days=90)
    told = {"authority": "authority:it", "until": until.isoformat(), "reason": "evidence"}
    assert client.post(form, told | {"authority": "authority:us"}).status_code == 422
    refused = client.post(form, told | {"until": "2020-01-01"})
    assert (refused.status_code, "within 12 months" in refused.content.decode()) == (409, True)
    assert Hold.objects.count() == 0
    assert client.post(form, told).url == page
    assert f"Held until {until}" in client.get(page).content.decode()
    held = Hold.objects.get()
    assert (held.authority, held.until, held.held_by.name) == ("authority:it", until, "Dimitri")
    assert client.post(address("release_hold", hold=held.pk)).url == page
    assert "released" in client.get(page).content.decode()


def test_nobody_else_holds_or_releases():
    report = received(engineer())
    told = {"authority": "authority:it", "until": "2027-01-01", "reason": "evidence"}
    for reader in (cast.ana(), cast.officer("IT", authority="authority:it"), cast.stranger()):
        client = signed_in(reader.person)
        assert client.get(address("hold", number=report.number)).status_code == 404
        assert client.post(address("hold", number=report.number), told).status_code == 404
        assert client.post(address("release_hold", hold=1)).status_code == 404
    assert Hold.objects.count() == 0


def test_every_page_carries_the_policy_and_is_kept_nowhere():
    report, client = received(engineer()), signed_in(cast.ana().person)
    for path in (address("home"), address("queue"), address("reports"), address("report", number=report.number)):
        answer = client.get(path)
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert "unsafe" not in answer["Content-Security-Policy"]
        assert answer["Cache-Control"] == "no-store"
        assert b"<style" not in answer.content
        assert b"style=" not in answer.content
        assert b"<img" not in answer.content
