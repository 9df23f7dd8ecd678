"""Forms the law prescribes, field by field."""

from dataclasses import dataclass
from functools import cache

from tutela.law.records import Table, read_folder
from tutela.law.sources import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """`code` is ours: the form numbers its categories only."""

    code: str
    text: str
    optional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    number: int
    name: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    id: str
    provision: str
    categories: tuple[Category, ...]
    source: Source

    @property
    def fields(self) -> tuple[Field, ...]:
        return tuple(each for category in self.categories for each in category.fields)


@cache
def forms() -> tuple[Form, ...]:
    return tuple(_form(table) for _, table in read_folder("forms"))


def standard_form() -> Form:
    """The providers' yearly report: Implementing Regulation (EU) 2024/2916, 147 fields in nine categories."""
    return next(each for each in forms() if each.id == "form:reg-2024-2916")


def _form(table: Table) -> Form:
    found = Form(
        id=table.text("id"),
        provision=table.text("provision"),
        categories=tuple(_category(each) for each in table.tables("category")),
        source=table.source(),
    )
    return table.closed(found)


def _category(table: Table) -> Category:
    fields = [
        row.closed(Field(code=row.text("code"), text=row.text("text"), optional=row.flag("optional", False)))
        for row in table.tables("fields")
    ]
    return table.closed(Category(number=table.number("number"), name=table.text("name"), fields=tuple(fields)))
