"""The page and the strategy as they stand: 8 initiatives, 9 entries, 3 focuses, and what is late."""

from datetime import date

import pytest

from tutela.law.dates import When, parse_when
from tutela.law.page import page
from tutela.law.strategy import initiatives, strategy
from tutela.law.timeline import all_events, timeline

TODAY = date(2026, 11, 23)


def test_the_page_has_eight_initiatives_nine_entries_and_three_focuses() -> None:
    assert [each.number for each in initiatives()] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert len(page().entries) == 9
    assert [each.name for each in page().focuses] == ["Prevention", "Investigation", "Assistance to victims"]


def test_every_promise_of_the_page_belongs_to_an_initiative() -> None:
    known = {each.number for each in initiatives()}
    assert page().promises
    assert all(each.initiatives and set(each.initiatives) <= known for each in page().promises)


def test_the_pages_entries_are_in_order_and_sourced_to_the_page() -> None:
    days = [each.on for each in page().entries]
    assert days == sorted(days)
    assert page().source.source_url.endswith("/child-sexual-abuse_en")
    assert page().source.mark == ""


def test_the_strategy_says_that_its_period_is_over_and_no_successor_was_found() -> None:
    assert strategy().period_ends == date(2025, 12, 31)
    assert "No successor strategy was found" in strategy().successor


def test_every_initiative_has_a_sourced_last_step() -> None:
    for each in initiatives():
        assert each.last_step.source.source_url.startswith("https://")
        assert each.last_step.on.last <= TODAY


def test_the_centre_is_late_and_was_not_late_while_the_strategy_ran() -> None:
    centre = initiatives()[5]
    assert [each.what for each in centre.late(TODAY)] == ["A European centre within the strategy's period"]
    assert centre.late(date(2025, 12, 31)) == ()


def test_what_was_done_after_its_day_is_late_only_until_it_was_done() -> None:
    response = initiatives()[1]
    between = [each.what for each in response.late(date(2025, 10, 1))]
    assert "Commission report on Regulation (EU) 2021/1232 (Article 9)" in between
    assert not any("Article 9" in each.what for each in response.late(TODAY))


def test_a_key_action_known_from_memory_is_marked() -> None:
    assert initiatives()[6].key_action.source.mark == "not verified"
    assert initiatives()[3].key_action.source.mark == ""


def test_an_event_nobody_verified_is_not_on_the_timeline() -> None:
    shown = {each.id for each in timeline()}
    assert "csar-sixth-round" in {each.id for each in all_events()} - shown
    assert "reg-2021-1232-expires" in shown


def test_the_timeline_is_in_order_with_one_id_for_each_event() -> None:
    assert [each.on for each in timeline()] == sorted(each.on for each in timeline())
    assert len({each.id for each in all_events()}) == len(all_events())


def test_the_timeline_of_one_initiative_is_a_part_of_the_whole() -> None:
    prevention = timeline(5)
    assert {"jrc-2023", "prevention-network"} <= {each.id for each in prevention}
    assert set(prevention) < set(timeline())
    assert timeline(9) == ()


def test_every_entry_of_the_page_is_on_the_timeline_too() -> None:
    days = {each.on for each in timeline()}
    assert all(each.on in days for each in page().entries)


@pytest.mark.parametrize("written", ["2025-11-26", "2025-11", "2025"])
def test_a_date_is_written_back_as_precisely_as_it_is_known(written: str) -> None:
    given = date.fromisoformat(written) if len(written) == 10 else written
    assert str(parse_when(given)) == written


def test_a_month_reaches_to_its_last_day() -> None:
    assert parse_when("2024-02") == When(date(2024, 2, 1), date(2024, 2, 29))


@pytest.mark.parametrize("written", ["2025-13", "25", "2025-11-26", "", "soon"])
def test_anything_else_is_not_a_date(written: str) -> None:
    with pytest.raises(ValueError, match=r"month|write a day"):
        parse_when(written)
