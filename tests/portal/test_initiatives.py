from datetime import UTC, datetime
from html import unescape

import pytest
import time_machine

from tutela.law.sources import Certainty
from tutela.law.strategy import initiatives

pytestmark = pytest.mark.django_db


def words(reader, number: int) -> str:
    with time_machine.travel(datetime(2026, 11, 23, 12, tzinfo=UTC), tick=False):
        return unescape(reader.get(f"/initiatives/{number}").content.decode())


@pytest.mark.parametrize("each", initiatives(), ids=lambda each: str(each.number))
def test_every_step_and_due_date_is_printed_with_its_source(reader, each):
    text = words(reader, each.number)
    for step in each.steps:
        assert step.text in text
        assert f'href="{step.source.source_url}"' in text
    for due in each.dues:
        assert due.sentence in text


@pytest.mark.parametrize("each", initiatives(), ids=lambda each: str(each.number))
def test_a_secondary_source_is_marked_and_what_is_only_remembered_is_not_printed(reader, each):
    text = words(reader, each.number)
    facts = [each, each.key_action, *each.steps, *each.dues]
    secondary = sum(fact.source.certainty is Certainty.SECONDARY for fact in facts)
    assert text.count("From a secondary source.") == secondary
    assert (each.key_action.text in text) == each.key_action.source.enabled


def test_a_month_is_not_printed_as_a_day(reader):
    assert '<time datetime="2025-11">November 2025</time>' in words(reader, 7)
    assert '<time datetime="2019">2019</time>' in words(reader, 1)
