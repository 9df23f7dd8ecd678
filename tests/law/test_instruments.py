"""The provisions: one check each, under an id that stays."""

import re
from pathlib import Path

import pytest

import tutela
from tutela.law.authorities import MEMBER_STATES
from tutela.law.forms import standard_form
from tutela.law.instruments import (
    Status,
    UnknownProvision,
    all_instruments,
    conditions,
    instrument,
    instruments,
    provision,
    provisions,
    read_instrument,
)
from tutela.law.records import BadRecord, parse
from tutela.law.sources import Certainty

CITATION = re.compile(r"\b(?:dir|reg|dsa|csar)-[0-9a-z-]+:(?:art|rec)-[0-9a-z-]+\b")
GOOD = """
id = "reg-1"
kind = "regulation"
short = "A regulation"
title = "A regulation"
status = "in_force"
celex = "1"
source_url = "https://act.example/"
checked_on = 2026-11-23
certainty = "verified"
[[article]]
title = "A duty"
theme = "safeguards"
actor = "provider"
provisions = [{ id = "reg-1:art-1", duty = "Do it." }]
"""


def test_the_directive_is_listed_from_article_1_to_article_30() -> None:
    ids = [each.id for each in provisions("dir-2011-93")]
    articles = {int(match[1]) for each in ids if (match := re.search(r":art-(\d+)", each))}
    assert articles == set(range(1, 31))


@pytest.mark.parametrize(
    ("article", "count"),
    [("3", 5), ("4", 6), ("5", 7), ("9", 7), ("15", 4), ("17", 5), ("19", 5), ("20-3", 6), ("24", 5), ("25", 2)],
)
def test_articles_are_split_where_each_paragraph_is_a_check(article: str, count: int) -> None:
    assert len([each for each in provisions("dir-2011-93") if f":art-{article}-" in each.id]) == count


def test_denmark_is_not_bound_by_the_directive_and_the_other_26_states_are() -> None:
    directive = instrument("dir-2011-93")
    assert [each for each in MEMBER_STATES if not directive.binds(each)] == ["DK"]


def test_options_of_a_state_are_no_duties() -> None:
    assert provision("dir-2011-93:art-25-2").optional
    assert not provision("dir-2011-93:art-25-1").optional


def test_the_derogation_has_twenty_conditions() -> None:
    assert [each.condition for each in conditions()] == [f"C{number:02}" for number in range(1, 21)]
    assert all(each.source.certainty is Certainty.VERIFIED for each in conditions())
    assert conditions()[18].reference == "Article 3(1)(i)"


@pytest.mark.parametrize(
    ("provision_id", "reference"),
    [
        ("dir-2011-93:art-20-3-a", "Article 20(3)(a)"),
        ("dir-2011-93:art-14", "Article 14"),
        ("dir-2011-93:rec-28", "Recital 28"),
        ("reg-2021-1232:art-3-1-g-vii-9", "Article 3(1)(g)(vii)(9)"),
        ("reg-2021-1232:art-3-1-b-text", "Article 3(1)(b), text"),
        ("reg-2016-794:art-26b-7", "Article 26b(7)"),
        ("reg-2026-1881:retention", "as reported"),
    ],
)
def test_an_id_reads_as_a_lawyer_writes_it(provision_id: str, reference: str) -> None:
    assert provision(provision_id).reference == reference


def test_a_proposal_is_not_law_until_its_profile_is_switched_on() -> None:
    law = {each.id for each in instruments()}
    assert law.isdisjoint({"csar-2022-209", "dir-recast-2024-60"})
    assert {each.id for each in instruments(["csar"])} == law | {"csar-2022-209"}
    assert {each.id for each in instruments(["csar", "recast"])} == {each.id for each in all_instruments()}


def test_an_unknown_profile_is_refused_with_those_we_know() -> None:
    with pytest.raises(ValueError, match="csar, recast"):
        instruments(["utopia"])


def test_what_was_not_adopted_needs_a_profile_and_what_was_has_none() -> None:
    for each in all_instruments():
        assert bool(each.profile) is (each.status in {Status.PROPOSAL, Status.AGREED})


def test_provisions_from_memory_are_off_until_asked_for_and_can_still_be_cited() -> None:
    shown = {each.id for each in provisions("csar-2022-209")}
    assert "csar-2022-209:art-13-1-a" not in shown
    assert "csar-2022-209:art-13-1-a" in {each.id for each in provisions("csar-2022-209", include_unverified=True)}
    assert provision("csar-2022-209:art-13-1-a").source.mark == "not verified"


def test_an_unknown_provision_is_an_error_that_names_it() -> None:
    with pytest.raises(UnknownProvision, match="dir-2011-93:art-99"):
        provision("dir-2011-93:art-99")


def test_every_provision_cited_in_the_code_exists() -> None:
    cited = {
        (path.name, found)
        for path in Path(tutela.__file__).parent.rglob("*")
        if path.suffix in {".py", ".toml", ".html", ".md"}
        for found in CITATION.findall(path.read_text(encoding="utf-8"))
    }
    assert ("bases.py", "dir-2011-93:art-16-2") in cited
    for name, found in cited:
        assert provision(found), name


def test_a_citation_is_found_in_a_comment_and_a_wrong_one_does_not_resolve() -> None:
    found = CITATION.findall("# Kept at most a year (reg-2021-1232:art-3-1-i); see dsa-2022-2065:art-18-9.")
    assert found == ["reg-2021-1232:art-3-1-i", "dsa-2022-2065:art-18-9"]
    assert provision(found[0])
    with pytest.raises(UnknownProvision):
        provision(found[1])


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (GOOD.replace('"reg-1:art-1"', '"reg-2:art-1"'), "begins with 'reg-1:'"),
        (GOOD.replace('"reg-1:art-1"', '"reg-1:Art 1"'), "small letters"),
        (GOOD.replace('actor = "provider"', 'actor = "somebody"'), "'actor' is one of"),
        (GOOD.replace('id = "reg-1"', 'id = "reg-9"', 1), "like the file"),
        (GOOD.replace('Do it."', 'Do it.", optional = 1'), "'optional' must be a bool"),
        (GOOD.replace('provisions = [{ id = "reg-1:art-1", duty = "Do it." }]', 'provisions = ["x"]'), "tables"),
    ],
)
def test_a_wrong_instrument_is_refused(broken: str, says: str) -> None:
    assert read_instrument("reg-1", parse("reg-1.toml", GOOD)).provisions[0].reference == "Article 1"
    with pytest.raises(BadRecord, match=says):
        read_instrument("reg-1", parse("reg-1.toml", broken))


def test_the_standard_form_has_147_fields_in_nine_categories() -> None:
    form = standard_form()
    assert [len(each.fields) for each in form.categories] == [12, 1, 1, 15, 45, 15, 42, 13, 3]
    assert len({each.code for each in form.fields}) == 147


def test_five_blocks_of_the_form_have_four_optional_fields_of_nine() -> None:
    complaints = standard_form().categories[4].fields
    assert sum(each.optional for each in complaints) == 5 * 4
    assert not any(each.optional for each in standard_form().fields if each not in complaints)
