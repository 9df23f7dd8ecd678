"""What applies on a day: the gap of 2026 above all, and questions that cannot be answered."""

from datetime import UTC, date, datetime
from html import unescape

import pytest
import time_machine
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as some

from tutela.law.bases import Purpose, Service, basis_on
from tutela.portal import law_today
from tutela.portal.law_words import PURPOSES, SERVICES


def ask(reader, **asked: str):
    answer = reader.get("/law/today", asked)
    return answer.status_code, unescape(answer.content.decode())


def question(on: str = "2026-05-01", service: str = "interpersonal", purpose: str = "detection", **more: str):
    return {"on": on, "service": service, "purpose": purpose, **more}


@pytest.mark.parametrize(
    ("on", "allowed"),
    [
        ("2021-08-01", False),
        ("2021-08-02", True),
        ("2026-04-03", True),
        ("2026-04-04", False),
        ("2026-07-30", False),
        ("2026-07-31", True),
        ("2028-04-03", True),
        ("2028-04-04", False),
    ],
)
def test_the_derogation_begins_and_ends_on_its_days(reader, on, allowed):
    status, text = ask(reader, **question(on))
    assert status == 200
    assert ("A legal basis is recorded." in text) is allowed
    assert ("No legal basis: this is refused." in text) is not allowed
    assert basis_on(date.fromisoformat(on), "interpersonal", "detection").sentence in text


def test_the_answer_carries_its_interval_provision_and_certainty(reader):
    _, text = ask(reader, **question("2026-08-15"))
    assert '<time datetime="2026-07-31">31 July 2026</time>' in text
    assert '<time datetime="2028-04-03">3 April 2028</time>' in text
    assert 'href="/law/reg-2026-1881#derogation"' in text
    assert "From a secondary source." in text[text.index('id="answer"') : text.index('id="day"')]
    _, text = ask(reader, **question("2022-01-10"))
    assert 'href="/law/reg-2021-1232#art-3-1"' in text
    assert "Verified in the primary text." in text


def test_hosting_is_not_caught_in_the_gap(reader):
    _, text = ask(reader, **question(service="hosting"))
    assert "A legal basis is recorded." in text
    assert 'href="/law/dsa-2022-2065#art-7"' in text


@pytest.mark.parametrize("switch", sorted(law_today.SWITCHES))
def test_encrypted_and_audio_communications_are_refused_on_every_day(reader, switch):
    _, text = ask(reader, **question("2026-08-15", **{switch: "yes"}))
    assert "No legal basis: this is refused." in text
    assert "out of scope, whatever the date" in text


def test_a_report_is_received_on_every_day(reader):
    _, text = ask(reader, **question(purpose="receive", end_to_end_encrypted="yes"))
    assert "A legal basis is recorded." in text
    assert "on every day" in text


def test_without_a_question_the_page_says_what_applies_today(reader):
    for day, said in (("2026-05-01", "No"), ("2026-08-15", "Yes")):
        with time_machine.travel(datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=UTC), tick=False):
            text = unescape(reader.get("/law/today").content.decode())
        assert f'value="{day}"' in text
        assert f'?on={day}&service=interpersonal&purpose=detection">{said}<' in text
        assert 'id="answer"' not in text


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("on", ""),
        ("on", "1001-01-01"),
        ("on", "2026-02-30"),
        ("on", "01.05.2026"),
        ("on", "20260501"),
        ("on", "2026-W18-5"),
        ("on", "٢٠٢٦-٠٥-٠١"),
        ("on", "2026-05-01\x00"),
        ("service", "post"),
        ("service", ""),
        ("purpose", "\x00"),
        ("end_to_end_encrypted", "no"),
        ("audio", ""),
    ],
)
def test_a_question_that_cannot_be_answered_says_what_to_change(reader, field, bad):
    status, text = ask(reader, **question() | {field: bad})
    assert status == 422
    assert text.count('class="fault"') == 1
    assert "The question cannot be answered yet" in text
    assert 'id="answer"' not in text


def test_every_fault_is_said_at_once_and_what_was_written_cannot_break_the_page(reader):
    bad = '"><b>x'
    status, text = ask(reader, on=bad, service=bad, purpose=bad, audio=bad)
    assert status == 422
    assert text.count('class="fault"') == 4
    raw = reader.get("/law/today", {"on": bad}).content.decode()
    assert "<b>x" not in raw


@given(some.dictionaries(some.sampled_from(["on", "service", "purpose", "audio", "x"]), some.text(max_size=12)))
def test_whatever_is_asked_is_answered_or_refused_in_words(asked):
    given = QueryDict(mutable=True)
    given.update(asked)
    read, faults = law_today.read(given)
    assert (read is None) is bool(faults)


def test_every_service_and_purpose_has_words():
    assert set(SERVICES) == set(Service)
    assert set(PURPOSES) == set(Purpose)
