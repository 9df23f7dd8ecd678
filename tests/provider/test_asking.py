"""A provider's client asks the server what is known of its hashes."""

import pytest

from tests import cast
from tests.indicators.stories import active, near, pdq
from tests.indicators.stories import sha256 as file
from tutela.accounts.policy import Role
from tutela.exchange import matching
from tutela.exchange.matching import Asked
from tutela.indicators.rules import Fingerprint
from tutela.matching.urls import url_key
from tutela.provider import calls
from tutela.provider.errors import BadMessage, Busy, NotFound
from tutela.provider.wire import Credential


@pytest.fixture
def asks(house):
    given = cast.credential(house.organisation, role=Role.PROVIDER_MATCHER)
    with house.api(Credential(given.credential.username, given.secret)) as api:
        yield api


def asked(fingerprint: Fingerprint) -> Asked:
    return Asked(kind=fingerprint.kind, value=bytes(fingerprint.value).hex(), quality=fingerprint.quality)


def test_any_number_is_asked_in_batches_and_positions_count_through(asks, monkeypatch):
    readers = cast.ana().actor, cast.boris().actor
    known, picture = active(file(), *readers), active(pdq(), *readers)
    page = active(Fingerprint("url", url_key("https://files.example/a")), *readers)
    monkeypatch.setattr(calls, "MOST_HASHES", 2)
    close = Fingerprint("pdq", near(picture.value, 9), 80)
    hashes = [asked(file()), asked(known), asked(file()), asked(close), Asked.address("files.example/a")]
    found = list(asks.match(iter(hashes)))
    said = [(each.position, each.matches[0].reference, each.matches[0].distance_bits) for each in found]
    assert said == [(1, f"indicator:{known.pk}", 0), (3, f"indicator:{picture.pk}", 9), (4, f"indicator:{page.pk}", 0)]
    assert {each.matches[0].verdict for each in found} == {"positive"}
    assert list(asks.match([])) == []


def test_who_may_not_ask_is_told_what_who_asks_for_nothing_is_told(house):
    with house.api() as api, pytest.raises(NotFound) as refused:
        list(api.match([asked(file())]))
    with house.api() as api, pytest.raises(NotFound) as none:
        api.follow(99_999_999)
    assert str(refused.value) == str(none.value)


def test_a_malformed_hash_is_named_by_its_place_and_a_spent_day_by_its_end(asks, monkeypatch):
    with pytest.raises(BadMessage) as refused:
        list(asks.match([asked(file()), Asked(kind="md5", value="text-3")]))
    assert [fault.where for fault in refused.value.faults] == ["hashes.1.value"]
    assert "text-3" not in str(refused.value) + str(refused.value.faults)
    monkeypatch.setattr("tutela.indicators.actions.asking.MOST_A_DAY", 1)
    with pytest.raises(Busy) as spent:
        list(asks.match([asked(file())] * 2))
    assert 0 < spent.value.retry_after_seconds <= 86_400
    assert "takes no more from you for now (429)" in str(spent.value)


def test_the_largest_batch_fits_the_wire(asks):
    list(asks.match([asked(file()) for _ in range(matching.MOST_HASHES)]))
