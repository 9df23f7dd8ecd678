"""What is read from a report without a database: how complete, which signals, which countries, who is meant."""

import pytest
from hypothesis import HealthCheck, given, settings

from tests import cast
from tests.exchange.strategies import reports
from tutela.exchange import messages
from tutela.exchange.completeness import asked_of, completeness
from tutela.exchange.words import Kind, Role
from tutela.reports.identifiers import identifying
from tutela.reports.places import CountryHint, country_hints, network_country, phone_country
from tutela.reports.signals import SIGNALS, signals


def party(role: Role = Role.SUSPECT, **more: object) -> dict[str, object]:
    return {"role": role, **more}


FULL = {
    "parties": [
        party(
            account_id="u-1",
            person={"emails": [{"address": "u1@mail.example"}]},
            location={"country": "FR"},
            captures=[{"address": "192.0.2.17", "at": "2026-10-03T14:04:58Z", "port": 51422}],
        )
    ],
    "places": [{"kind": "web", "urls": ["https://photoshare.example/p/1"]}],
    "reporter": {"person": {"emails": [{"address": "reports@provider.example"}]}},
    "items": [
        {
            "digests": [{"algorithm": "MD5", "value": "0" * 32}],
            "viewed_by_provider": False,
            "original": {"holder": "Provider Example S.A.", "until": "2027-10-03"},
        }
    ],
}


@pytest.mark.parametrize("kind", Kind)
def test_what_is_asked_of_each_kind_adds_up_to_100(kind):
    assert sum(asked.points for asked in asked_of(kind)) == 100
    assert len({asked.name for asked in asked_of(kind)}) == len(asked_of(kind))


def test_a_full_report_lacks_nothing():
    found = completeness(cast.report(**FULL))
    assert (found.points, found.missing) == (100, [])


def test_a_bare_report_is_told_what_follows_from_each_gap():
    found = completeness(cast.report())
    assert found.points == 0
    assert all(asked.sentence and asked.consequence for asked in found.missing)


def test_danger_is_read_from_what_is_stated():
    report = cast.report(
        kind=Kind.SOLICITATION,
        incident={
            "type": "enticement",
            "at": "2026-10-05T14:05:09Z",
            "escalation": "text-1",
            "annotations": ["sextortion"],
        },
        parties=[party(Role.VICTIM, person={"age": 12}, school_name="Example School")],
    )
    assert {"escalation_stated", "sextortion", "school_named", "child_under_13", "solicitation"} <= set(signals(report))


def test_countries_are_read_from_every_place_they_stand_in():
    report = cast.report(
        parties=[
            party(
                person={
                    "phones": [{"number": "612345678", "calling_code": "+33"}],
                    "addresses": [{"country": "GR"}],
                },
                location={"country": "FR", "verified": False},
            ),
            party(Role.VICTIM, location={"country": "PL", "verified": True}),
        ]
    )
    assert country_hints(report) == [
        CountryHint("EL", "suspect", "address"),
        CountryHint("FR", "suspect", "phone"),
        CountryHint("FR", "suspect", "estimated_location"),
        CountryHint("PL", "victim", "stated"),
    ]


@pytest.mark.parametrize(
    "address", ["192.0.2.17", "198.51.100.4", "203.0.113.9", "2001:db8::44", "10.0.0.1", "127.0.0.1", "text-1", ""]
)
def test_documentation_private_and_unreadable_addresses_resolve_to_nothing(address):
    assert network_country(address) is None


def test_a_public_network_resolves_offline():
    assert network_country("193.0.6.139") == "NL"


@pytest.mark.parametrize(
    ("number", "code", "country"),
    [("612345678", "+33", "FR"), ("+302101234567", None, "EL"), ("0", None, None), ("text-1", "+1", None)],
)
def test_a_phone_prefix_names_its_country(number, code, country):
    assert phone_country(number, code) == country


def test_an_account_means_nothing_outside_its_own_provider():
    report = cast.report(parties=[party(account_id="u-1")])
    mine, others = (identifying(report, organisation_id=number)[0].value for number in (1, 2))
    assert mine != others


def test_two_spellings_of_a_phone_and_an_address_meet():
    one = cast.report(
        parties=[party(person={"phones": [{"number": "06 12 34 56 78", "calling_code": "+33"}]})],
        places=[{"kind": "web", "urls": ["HTTPS://Photoshare.example:443/p/%7E1#top"]}],
    )
    other = cast.report(
        parties=[party(person={"phones": [{"number": "+33612345678"}]})],
        places=[{"kind": "web", "urls": ["http://photoshare.example/p/~1"]}],
    )
    assert identifying(one, organisation_id=1) == identifying(other, organisation_id=1)


def test_a_network_address_only_hints():
    report = cast.report(parties=[party(captures=[{"address": "192.0.2.17"}])])
    assert [one.strong for one in identifying(report, organisation_id=1)] == [False]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(reports())
def test_any_report_that_can_be_said_gives_facts_that_can_be_recomputed(report: messages.Report):
    found = completeness(report)
    assert found.points == sum(asked.points for asked in found.present)
    assert found.points + sum(asked.points for asked in found.missing) == 100
    assert set(signals(report)) <= set(SIGNALS)
    assert {hint.role for hint in country_hints(report)} <= {role.value for role in Role}
    assert len(identifying(report, organisation_id=1)) == len(set(identifying(report, organisation_id=1)))
