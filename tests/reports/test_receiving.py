import base64
import hashlib
import json

import pytest
import time_machine
from django.db import connection

from tests import cast
from tutela.accounts.policy import HOUSE, NotYours
from tutela.audit.models import Leaf
from tutela.exchange import messages
from tutela.exchange.sniff import MediaRefused
from tutela.keys.actions import KeyDestroyed
from tutela.keys.keeper import house_signer
from tutela.reports import actions, tokens
from tutela.reports.actions import KeyReused, Purpose
from tutela.reports.fingerprints import BadDigest
from tutela.reports.models import Report, Resend
from tutela.seals.signatures import verify_statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider():
    return cast.credential(cast.organisation("provider")).credential.actor()


def send(message: messages.Report, by, **more):
    return actions.receive(message, more.pop("raw", None) or cast.raw(message), by=by, channel="api", **more)


def test_a_report_is_receipted_with_a_signature_that_verifies_offline(provider):
    received = send(cast.report(), provider)
    body = verify_statement(json.loads(received.receipt), "receipt", [house_signer().public])
    assert body["report"] == received.report.number >= 10_000_001
    assert body["completeness"]["points"] == 0
    assert {gap["name"] for gap in body["completeness"]["missing"]} >= {"place", "account", "fingerprints"}
    assert body["original"] == "hashed, not stored: keep the original"


def test_what_was_said_about_people_stands_nowhere_in_the_clear(provider):
    secret = "canary-7f3a"
    message = cast.report(
        additional=[secret],
        parties=[
            {
                "role": "suspect",
                "account_id": secret,
                "person": {"first_name": secret, "emails": [{"address": f"{secret}@mail.example"}]},
            }
        ],
    )
    send(message, provider)
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        tables = [name for (name,) in cursor.fetchall()]
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{secret}%"])
            assert cursor.fetchone()[0] == 0, table
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{secret.encode().hex()}%"])
            assert cursor.fetchone()[0] == 0, table
    assert len(tables) > 20


def test_ana_reads_every_word_back_and_her_reading_is_written_down(provider):
    message = cast.report(additional=["text-9"], parties=[{"role": "victim", "person": {"age": 12}}])
    report = send(message, provider).report
    ana = cast.ana()
    assert actions.open_message(report.number, by=ana.actor, purpose=Purpose.ASSESSMENT) == message
    read = Leaf.objects.filter(action="report.read").last()
    said = json.loads(bytes(read.content))
    assert (said["actor"]["id"], said["purpose"]) == (str(ana.person.public_id), "assessment")
    assert str(report.number) not in said["subject"]


def test_without_a_purpose_nothing_is_read(provider):
    report = send(cast.report(), provider).report
    with pytest.raises(ValueError, match="curiosity"):
        actions.open_message(report.number, by=cast.ana().actor, purpose="curiosity")


def test_the_verbatim_message_is_kept_byte_for_byte(provider):
    message = cast.report()
    raw = b" " + cast.raw(message) + b"\n"
    report = send(message, provider, raw=raw).report
    [kept] = actions.open_originals(report.number, by=cast.ana().actor, purpose=Purpose.REFERRAL)
    assert kept.raw == raw


@pytest.mark.parametrize("who", [cast.stranger, cast.officer], ids=["stranger", "officer"])
def test_nobody_else_reads(provider, who):
    report = send(cast.report(), provider).report
    with pytest.raises(NotYours):
        actions.open_message(report.number, by=who().actor, purpose=Purpose.ASSESSMENT)


def test_a_resend_is_linked_and_answered_with_the_first_receipt(provider):
    message = cast.report()
    first, again = send(message, provider), send(message, provider)
    assert (again.report, again.receipt, again.linked) == (first.report, first.receipt, True)
    assert Report.objects.count() == 1
    assert Resend.objects.filter(report=first.report).count() == 1


def test_a_resend_without_a_reference_is_known_by_its_bytes(provider):
    message = cast.report(reference=None)
    first = send(message, provider)
    assert send(message, provider).report == first.report
    assert send(message, provider, key="retry-1").report == first.report


def test_one_reference_never_names_two_reports(provider):
    send(cast.report(reference="r-1"), provider)
    with pytest.raises(KeyReused):
        send(cast.report(reference="r-1"), provider)
    assert Report.objects.count() == 1


def test_two_providers_may_use_the_same_reference(provider):
    other = cast.credential(cast.organisation("provider")).credential.actor()
    message = cast.report(reference="r-1")
    assert send(message, provider).report != send(message, other).report


def test_a_picture_smuggled_into_a_text_is_refused_and_nothing_is_kept(provider):
    smuggled = "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(60)).decode()
    with pytest.raises(MediaRefused):
        send(cast.report(additional=[smuggled]), provider)
    assert Report.objects.count() == 0


def test_a_hash_that_cannot_be_one_is_refused_by_its_place_not_its_value(provider):
    item = {"digests": [{"algorithm": "MD5", "value": "abc"}]}
    with pytest.raises(BadDigest, match=r"items\.0\.digests\.0\.value") as refused:
        send(cast.report(items=[item]), provider)
    assert "abc" not in str(refused.value)


def test_a_report_is_received_and_flagged_on_a_day_without_a_legal_basis(provider):
    with time_machine.travel("2026-05-01T12:00:00Z"):
        received = send(cast.report(service="interpersonal"), provider)
    assert received.report.flags == ["no_legal_basis"]
    assert "received" in json.loads(received.receipt)["body"]["legal"]["sentence"]


@pytest.mark.parametrize(
    ("moment", "flags"), [("2026-04-03T21:59:00Z", []), ("2026-04-03T22:01:00Z", ["no_legal_basis"])]
)
def test_the_last_day_of_a_legal_basis_ends_at_midnight_in_brussels(provider, moment, flags):
    with time_machine.travel(moment):
        assert send(cast.report(service="interpersonal"), provider).report.flags == flags


def test_a_report_is_completed_with_its_token_and_what_was_first_said_stays(provider):
    first = send(cast.report(), provider)
    token = json.loads(first.receipt)["body"]["complete_with"]
    fuller = cast.report(parties=[{"role": "suspect", "account_id": "u-1", "location": {"country": "FR"}}])
    done = actions.complete(first.report.number, fuller, cast.raw(fuller), token=token, by=provider)
    assert done.report.completeness == 35
    kept = actions.open_originals(first.report.number, by=cast.ana().actor, purpose=Purpose.REFERRAL)
    assert [one.kind for one in kept] == ["submit", "complete"]
    again = actions.complete(first.report.number, fuller, cast.raw(fuller), token=token, by=provider)
    assert (again.linked, again.receipt) == (True, done.receipt)
    assert Resend.objects.filter(report=first.report).count() == 1


def test_the_stranger_completes_nothing_with_or_without_the_token(provider):
    report = send(cast.report(), provider).report
    fuller = cast.report()
    stranger = cast.stranger().actor
    for token in ("", "0" * 40, tokens.completing(report.number)):
        with pytest.raises(NotYours):
            actions.complete(report.number, fuller, cast.raw(fuller), token=token, by=stranger)


def test_a_following_token_tells_dates_and_nothing_else(provider):
    report = send(cast.report(), provider).report
    steps = actions.steps_for_token(tokens.following(report.number))
    assert [step.what for step in steps] == ["received", "finished"]
    for wrong in ("", "1", f"{report.number}-", f"{report.number}-{'0' * 40}", "x-y", "٣-abc", "9" * 30 + "-a"):
        assert actions.steps_for_token(wrong) is None


def test_after_erasure_the_record_no_longer_tells_which_rows_were_this_reports(provider):
    message = cast.report()
    raw = cast.raw(message)
    report = send(message, provider).report
    digest = hashlib.sha256(raw).hexdigest()
    actions.erase(report.number, by=HOUSE, reason="retention")
    kept = Report.objects.get(pk=report.number)
    assert (bytes(kept.body_sha256).hex() != digest, kept.reference.startswith("erased:")) == (True, True)
    assert not [leaf for leaf in Leaf.objects.all() if digest in bytes(leaf.content).decode()]


def test_an_erased_report_that_comes_again_is_linked_and_nothing_of_it_comes_back(provider):
    message = cast.report()
    first = send(message, provider)
    actions.erase(first.report.number, by=HOUSE, reason="retention")
    again = send(message, provider)
    assert (again.report, again.linked) == (first.report, True)
    assert Leaf.objects.filter(action="report.resent").get().subject == "report:erased"
    token = tokens.completing(first.report.number)
    with pytest.raises(KeyDestroyed):
        actions.complete(first.report.number, cast.report(), b"{}", token=token, by=provider)
    with pytest.raises(KeyDestroyed):
        actions.open_message(first.report.number, by=cast.ana().actor, purpose=Purpose.ASSESSMENT)
