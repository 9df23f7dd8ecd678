import pytest

from tests import cast
from tests.provider.conftest import given
from tests.provider.written import item, report
from tutela.exchange.cybertip import write_file_details, write_report
from tutela.exchange.messages import Report
from tutela.provider.client import to_bytes
from tutela.provider.errors import BadMessage, NotFound, WhoAreYou, WrongState
from tutela.provider.wire import Credential
from tutela.reports import actions
from tutela.reports.models import Report as Kept
from tutela.reports.models import Resend


def test_the_bytes_that_are_sent_say_the_same_report():
    message = cast.report(items=[item(1)], reporter={"person": {"first_name": "text-1"}})
    assert Report.model_validate_json(to_bytes(message)) == message


def test_a_report_is_sent_and_its_receipt_says_what_is_missing(house):
    message = cast.report()
    with house.api() as api:
        receipt = api.send(message)
        followed = api.follow(receipt.number)
    assert (followed.reference, followed.state) == (message.reference, "finished")
    assert receipt.completeness == followed.completeness
    assert receipt.completeness + sum(each.points for each in receipt.missing) == 100
    assert all(each.consequence for each in receipt.missing)


def test_the_same_bytes_again_are_linked_and_answered_with_the_same_number(house):
    raw = to_bytes(cast.report())
    with house.api() as api:
        first, again = api.send(raw), api.send(raw)
    assert (first.linked, again.linked, again.raw) == (False, True, first.raw)
    assert (Kept.objects.count(), Resend.objects.count()) == (1, 1)


def test_a_report_is_completed_with_the_token_of_its_receipt(house):
    message = cast.report()
    fuller = message.model_copy(update={"items": [item(1)]})
    with house.api() as api:
        receipt = api.send(message)
        better = api.complete(receipt.number, fuller, token=receipt.complete_with)
        with pytest.raises(NotFound):
            api.complete(receipt.number, fuller, token="0" * 40)
    assert better.number == receipt.number
    assert better.completeness > receipt.completeness


def test_all_my_reports_come_page_by_page(house):
    with house.api() as api:
        numbers = [api.send(cast.report()).number for _ in range(3)]
        assert [one.number for one in api.mine()] == numbers


def test_the_stranger_learns_nothing_of_my_report(house):
    stranger = given(cast.organisation("provider", country="PT"), "bearer")
    with house.api() as mine, house.api(stranger) as theirs:
        number = mine.send(cast.report()).number
        with pytest.raises(NotFound) as not_theirs:
            theirs.follow(number)
        with pytest.raises(NotFound) as nobodys:
            theirs.follow(number + 1_000)
        assert str(not_theirs.value) == str(nobodys.value)
        assert list(theirs.mine()) == []


def test_a_wrong_secret_is_said_to_be_one(house):
    with house.api(Credential(house.bearer.username, "wrong")) as api, pytest.raises(WhoAreYou):
        api.send(cast.report())
    assert Kept.objects.count() == 0


def test_an_unknown_key_is_refused_by_name(house):
    with house.api() as api, pytest.raises(BadMessage) as refused:
        api.send(
            b'{"kind": "new_material", "incident": {"type": "material", "at": "2026-10-03T14:05:09Z"}, "colour": 1}'
        )
    assert [fault.where for fault in refused.value.faults] == ["colour"]


def test_the_seven_calls_of_the_cybertipline_wire(house):
    with house.ispws() as ispws:
        assert ispws.status().report_id is None
        assert b"<xs:schema" in ispws.xsd()
        number = ispws.submit(write_report(report())).report_id
        uploaded = ispws.upload(number, b"bytes that are hashed and dropped")
        assert "not stored" in uploaded.description
        ispws.fileinfo(write_file_details(number, uploaded.file_id, item(1).model_copy(update={"digests": []})))
        assert ispws.finish(number).file_ids == (uploaded.file_id,)
        with pytest.raises(WrongState):
            ispws.finish(number)
        other = ispws.submit(write_report(report())).report_id
        ispws.retract(other)
        with pytest.raises(WrongState):
            ispws.retract(other)


def test_what_was_sent_is_what_is_kept(house):
    message = report()
    with house.ispws() as ispws:
        number = ispws.submit(write_report(message)).report_id
        ispws.finish(number)
    reader = cast.ana().actor
    kept = actions.open_message(number, by=reader, purpose=actions.Purpose.ASSESSMENT)
    assert kept.model_copy(update={"service": message.service}) == message
