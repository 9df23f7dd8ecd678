"""Whom a report may go to: 27 Member States and Europol, and not one invented address."""

import pytest

from tutela.law.authorities import EUROPOL, MEMBER_STATES, all_authorities, authority, read_authority
from tutela.law.records import BadRecord, parse

GOOD = """
id = "authority:xx"
country = "XX"
country_name = "Testland"
name = ""
contact_page = ""
source_url = "https://list.example/"
checked_on = 2026-11-23
certainty = "memory"
note = "No public source is known."
[route_2015]
text = "another route"
source_url = "https://review.example/"
certainty = "secondary"
"""


def test_there_is_one_authority_for_each_member_state_and_europol_beside_them() -> None:
    found = all_authorities()
    codes = "AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
    assert " ".join(each.country for each in found) == codes
    assert " ".join(MEMBER_STATES) == codes
    assert EUROPOL.id == "authority:europol"
    assert EUROPOL not in found


def test_ana_asks_for_greece_in_either_code() -> None:
    assert authority("gr") == authority("EL")
    assert authority("EL") is not None


@pytest.mark.parametrize("stranger", ["US", "UK", "", "EU", "../de"])
def test_a_country_outside_the_union_gets_nothing(stranger: str) -> None:
    assert authority(stranger) is None


def test_a_body_without_a_public_source_has_no_name_and_says_so() -> None:
    for each in (*all_authorities(), EUROPOL):
        assert each.is_named or (each.name == "" and each.contact_page == "" and "No public source" in each.source.note)


def test_a_contact_is_a_page_one_can_open_never_an_address_or_a_number() -> None:
    for each in (*all_authorities(), EUROPOL):
        assert each.contact_page == "" or each.contact_page.startswith("https://")
        assert "@" not in each.contact_page + each.source.note


def test_the_routes_of_2015_say_that_today_is_unverified() -> None:
    served = [each for each in all_authorities() if each.route_2015.endswith("Europol to the state")]
    assert len(served) == 18
    assert all("unverified" in each.route.note for each in all_authorities())


def test_an_authority_kept_under_another_name_than_its_file_is_refused() -> None:
    assert read_authority("xx", parse("xx.toml", GOOD)).country == "XX"
    with pytest.raises(BadRecord, match="authority:yy"):
        read_authority("yy", parse("xx.toml", GOOD))


def test_an_unnamed_body_that_does_not_say_why_is_refused() -> None:
    silent = GOOD.replace('note = "No public source is known."\n', "")
    with pytest.raises(BadRecord, match="no public source"):
        read_authority("xx", parse("xx.toml", silent))
