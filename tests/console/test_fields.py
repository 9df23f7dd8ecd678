"""Nothing a report says is left out of the page, whatever it says."""

from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings

from tests.exchange.strategies import reports
from tutela.console.fields import Section, sections, text
from tutela.exchange.messages import Part, Report


def said(part: Part) -> Iterator[str]:
    """Every single value in the message, found without the code under test."""
    for name in type(part).model_fields:
        yield from _values(getattr(part, name))


def _values(value: Any) -> Iterator[str]:
    if isinstance(value, Part):
        yield from said(value)
    elif isinstance(value, list):
        for one in value:
            yield from _values(one)
    elif value is not None:
        yield text(value)


def shown(found: list[Section]) -> Iterator[str]:
    for section in found:
        for line in section.lines:
            yield from line.values
        for table in section.tables:
            for row in table.rows:
                yield from row


# Few, since whole reports are slow to draw; the walk is the same for every field.
@settings(max_examples=12, deadline=None)
@given(reports())
def test_every_value_of_a_report_is_shown(message: Report):
    everything = " \x1f ".join(shown(sections(message, "Report")))
    assert [value for value in said(message) if value not in everything] == []


def test_what_is_not_stated_is_named():
    message = Report.model_validate(
        {"kind": "new_material", "incident": {"type": "material", "at": "2026-10-03T14:05:09Z"}}
    )
    unstated = {name for section in sections(message, "Report") for name in section.unstated}
    assert {"Place", "Person or account", "Item", "Platform", "Escalation"} <= unstated
