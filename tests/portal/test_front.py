import re
from datetime import UTC, datetime
from html import unescape

import pytest
import time_machine

from tutela.law.strategy import initiatives
from tutela.statistics import rules
from tutela.statistics.models import Figure

pytestmark = pytest.mark.django_db
ON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def front(reader, on: datetime = ON) -> str:
    with time_machine.travel(on, tick=False):
        return unescape(reader.get("/").content.decode())


def test_the_three_doors_come_before_everything_else(reader):
    text = front(reader)
    main = text[text.index("<main") :]
    places = [main.index(f'href="/{door}"') for door in ("danger", "help", "report")]
    assert places == sorted(places)
    assert places[-1] < main.index("The eight initiatives")


def test_eight_initiatives_each_with_promise_last_step_and_what_is_late(reader):
    text = front(reader)
    for each in initiatives():
        assert each.name in text
        assert each.promise in text
        assert each.last_step.text in text
    assert text.count("<dt>Late</dt>") == 8


def test_what_is_late_follows_the_day(reader):
    late = "A European centre within the strategy's period"
    assert late in front(reader)
    assert late not in front(reader, datetime(2025, 12, 31, 12, tzinfo=UTC))
    assert "No successor strategy was found" not in front(reader, datetime(2025, 12, 31, 12, tzinfo=UTC))


def test_what_is_late_and_what_was_done_say_how_surely_that_is_known(reader):
    text, marked = front(reader), '<em class="mark">(from a secondary source)</em>'
    for each in (due for initiative in initiatives() for due in initiative.late(ON.date())):
        lines = re.findall(rf"<li>[^\n]*{re.escape(each.what)}.*?</li>", text)
        assert len(lines) == 2
        assert all((marked in line) is bool(each.source.mark) for line in lines), each.what


def test_the_day_is_counted_by_brussels_clock(reader):
    late = "A European centre within the strategy's period"
    assert late in front(reader, datetime(2025, 12, 31, 23, 30, tzinfo=UTC))


def test_the_three_counts_carry_unit_period_definition_and_time(reader):
    as_of = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    for number, definition in enumerate(rules.DEFINITIONS.values()):
        Figure.objects.create(
            definition=definition.id,
            value=1000 + number,
            unit=definition.unit,
            period_from=datetime(2026, 11, 1, tzinfo=UTC).date(),
            as_of=as_of,
        )
    text = front(reader)
    for number, definition in enumerate(rules.DEFINITIONS.values()):
        assert definition.sentence in text
        assert re.search(rf"1,00{number} <small>{definition.unit}</small>", text)
    assert text.count("23 November 2026, 09:30 UTC") == 3
    assert text.count("1 November 2026") == 3


def test_a_small_count_is_not_printed(reader):
    Figure.objects.create(definition="reports_received", value=3, unit="reports", period_from=ON.date(), as_of=ON)
    assert "1 to 4 <small>reports" in front(reader)
    numbers = unescape(reader.get("/numbers").content.decode())
    assert "1 to 4 <small>reports" in numbers
    assert ">3 <small>" not in numbers


def test_there_is_a_door_for_each_kind_of_reader(reader):
    text = front(reader)
    work = text[text.index('id="work"') :]
    assert work.count('<li class="card">') == 6
    for card in work.split('<li class="card">')[1:]:
        assert "<a href=" in card
