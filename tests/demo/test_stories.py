import ipaddress
import re
from collections import Counter
from datetime import UTC, datetime

import pytest

from tutela.demo.stories import STORIES, Planned, Telling, the_one
from tutela.exchange.cybertip import read_report, write_file_details, write_report
from tutela.provider.client import to_bytes
from tutela.reports.places import country_hints

N = 600
NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
DOCUMENTATION = [ipaddress.ip_network(each) for each in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")]
NAMES = re.compile(r"(text|account|name|child|device|file|demo)-[\w.: -]+|https://photos\.example/p/\d+|.*\.example")


@pytest.fixture(scope="module")
def told() -> list[Planned]:
    telling = Telling(seed=7, known=40, providers=4, now=NOW)
    return [the_one(telling), *telling.reports(N - 1)]


def test_the_same_seed_tells_the_same_reports(told):
    again = Telling(seed=7, known=40, providers=4, now=NOW)
    assert [the_one(again), *again.reports(N - 1)] == told
    assert Telling(seed=8, known=40, providers=4, now=NOW).reports(N - 1) != told[1:]


def test_no_two_reports_are_the_same_bytes(told):
    wires = {to_bytes(one.message) if one.door == "api" else write_report(_without_items(one)) for one in told}
    assert len(wires) == N


def test_every_story_is_told_and_both_doors_are_used(told):
    assert set(Counter(one.story for one in told)) == {"followed", *STORIES}
    assert {one.door for one in told} == {"api", "ispws"}
    assert 0 < sum(one.twice for one in told) < N / 5


def test_the_countries_it_claims_are_those_the_house_reads(told):
    for one in told:
        assert {hint.country for hint in country_hints(one.message)} == set(one.countries)


def test_only_what_fits_the_cybertiplines_wire_goes_through_that_door(told):
    for one in told:
        if one.door == "ispws":
            bare = _without_items(one)
            assert read_report(write_report(bare)).parties == bare.parties
            assert all(write_file_details(1, "0" * 32, item) for item in one.message.items)


def test_all_addresses_are_for_documentation(told):
    found = [capture.address for one in told for party in one.message.parties for capture in party.captures]
    assert len(found) > N / 2
    assert all(any(ipaddress.ip_address(each) in network for network in DOCUMENTATION) for each in found)


def test_every_word_is_neutral(told):
    for one in told:
        for word in _words(one):
            assert NAMES.fullmatch(word), word


def _words(one: Planned):
    message = one.message
    yield from message.additional
    yield from (item.name for item in message.items if item.name)
    yield from filter(None, [message.incident.escalation])
    for place in message.places:
        yield from [*place.urls, *filter(None, [place.additional, place.content])]
    for party in message.parties:
        yield from filter(None, [party.account_id, party.screen_name, party.additional, party.biography])
        yield from (email.address for email in (party.person.emails if party.person else []))
        yield from (device.id_value for device in party.devices)


def _without_items(one: Planned):
    return one.message.model_copy(update={"items": []})
