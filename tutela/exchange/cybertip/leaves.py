"""The simple values of the format: how each is read from text and written to it, with the rule it must keep."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

XML_SPACE = " \t\r\n"

_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,12})?(Z|[+-][0-9]{2}:[0-9]{2})")
_FRACTION_END = re.compile(r"(\.[0-9]*?[1-9])0+(?=Z|[+-])")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[+-]?([0-9]{1,3}(\.[0-9]{0,400})?|\.[0-9]{1,400})")
_COUNTRY = re.compile(r"[A-Z]{2}")
_CALLING_CODE = re.compile(r"\+[0-9]{1,3}")
_FURTHEST_ZONE = timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class Leaf:
    """`parse` raises ValueError or LookupError where the text breaks `rule`. Blank free text counts as left out."""

    rule: str
    parse: Callable[[str], Any]
    show: Callable[[Any], str]
    is_text: bool = False


def text(limit: int) -> Leaf:
    def parse(raw: str) -> str:
        if len(raw) > limit:
            raise ValueError
        return raw

    return Leaf(f"must be text of 1 to {limit} characters", parse, str, is_text=True)


def choice(*allowed: str) -> Leaf:
    return _looked_up({word: word for word in allowed})


def vocabulary(words: Mapping[str, StrEnum]) -> Leaf:
    """The wire's exact strings, each standing for one word of ours."""
    return _looked_up(words)


def _looked_up(words: Mapping[str, str]) -> Leaf:
    back = {meaning: word for word, meaning in words.items()}

    rule = "must be exactly one of: " + ", ".join(f"“{word}”" for word in words)
    return Leaf(rule, lambda raw: words[raw.strip(XML_SPACE)], back.__getitem__)


def integer(least: int, most: int) -> Leaf:
    def parse(raw: str) -> int:
        value = int(_matched(_INTEGER, raw))
        if not least <= value <= most:
            raise ValueError
        return value

    return Leaf(f"must be a whole number from {least} to {most}", parse, str)


def degrees(most: int) -> Leaf:
    def parse(raw: str) -> float:
        value = float(_matched(_DECIMAL, raw))
        if not -most <= value <= most:
            raise ValueError
        return value

    return Leaf(f"must be degrees from -{most} to {most}", parse, lambda value: format(Decimal(repr(value)), "f"))


def _matched(pattern: re.Pattern[str], raw: str) -> str:
    if pattern.fullmatch(stripped := raw.strip(XML_SPACE)) is None:
        raise ValueError
    return stripped


def _parse_flag(raw: str) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}[raw.strip(XML_SPACE)]


def _parse_moment(raw: str) -> datetime:
    moment = datetime.fromisoformat(_matched(_MOMENT, raw))
    if abs(moment.utcoffset() or timedelta()) > _FURTHEST_ZONE:
        raise ValueError
    return moment


def _show_moment(moment: datetime) -> str:
    offset = moment.utcoffset() or timedelta()
    # A zone of seconds, or beyond 14 hours, has no form in xsd:dateTime; the instant stays the same.
    if offset % timedelta(minutes=1) or abs(offset) > _FURTHEST_ZONE:
        moment = moment.astimezone(UTC)
    shown = moment.isoformat().replace("+00:00", "Z")
    return _FRACTION_END.sub(r"\1", shown)


FLAG = Leaf("must be true or false", _parse_flag, lambda value: "true" if value else "false")
MOMENT = Leaf("must be a date and time with its zone, as 2026-10-03T14:05:09Z", _parse_moment, _show_moment)
DAY = Leaf("must be a date, as 2010-04-30", lambda raw: date.fromisoformat(_matched(_DAY, raw)), date.isoformat)
COUNTRY = Leaf("must be a country code of two capital letters", lambda raw: _matched(_COUNTRY, raw), str)
CALLING_CODE = Leaf("must be + and one to three digits", lambda raw: _matched(_CALLING_CODE, raw), str)
