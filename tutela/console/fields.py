"""Everything a report says, as sections of labelled lines and tables.

It walks the typed message itself, so that a field added to the wire appears here without anybody remembering it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from tutela.console.words import code_label, field_label
from tutela.exchange.messages import Part


@dataclass(frozen=True)
class Line:
    label: str
    values: list[str]


@dataclass(frozen=True)
class Table:
    label: str
    columns: list[str]
    rows: list[list[str]]


@dataclass
class Section:
    title: str
    lines: list[Line] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    unstated: list[str] = field(default_factory=list)


def sections(part: Part, title: str, *, path: str = "") -> list[Section]:
    """The part's own section first, then one for each part inside it."""
    own, inner = Section(title), []
    for name in type(part).model_fields:
        value, label = getattr(part, name), field_label(name)
        if value is None or value == []:
            own.unstated.append(label)
        elif isinstance(value, Part):
            inner += _inside(value, path + _titled(label, value))
        elif not isinstance(value, list):
            own.lines.append(Line(label, [text(value)]))
        elif not isinstance(value[0], Part):
            own.lines.append(Line(label, [text(one) for one in value]))
        elif all(_is_flat(one) for one in value):
            own.tables.append(_table(label, value))
        else:
            for number, one in enumerate(value, start=1):
                inner += _inside(one, path + _titled(f"{label} {number}", one))
    return [own, *inner]


def _inside(part: Part, path: str) -> list[Section]:
    return sections(part, path, path=f"{path} › ")


def text(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, StrEnum):
        return code_label(value)
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _titled(label: str, part: Part) -> str:
    role = getattr(part, "role", None)
    return f"{label} ({code_label(role)})" if role else label


def _is_flat(part: Part) -> bool:
    return all(
        not isinstance(value, Part) and not (isinstance(value, list) and value and isinstance(value[0], Part))
        for value in (getattr(part, name) for name in type(part).model_fields)
    )


def _table(label: str, parts: Sequence[Part]) -> Table:
    names = [
        name
        for name in type(parts[0]).model_fields
        if any(getattr(part, name) is not None and getattr(part, name) != [] for part in parts)
    ]
    rows = [[_cell(getattr(part, name)) for name in names] for part in parts]
    return Table(label, [field_label(name) for name in names], rows)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return ", ".join(text(one) for one in value) if isinstance(value, list) else text(value)
