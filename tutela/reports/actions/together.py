"""Write several new rows of several tables in one round trip: an intake of hundreds a second is bound by round trips.

Each row goes through its model's own fields, so that nothing the models say about a column is said again here.
"""

from collections.abc import Sequence
from functools import cache

from django.db import connection, models


@cache
def _insert(model: type[models.Model], with_key: bool) -> tuple[str, tuple[models.Field, ...]]:
    fields = tuple(field for field in model._meta.concrete_fields if with_key or not field.primary_key)
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    # Names of our own tables and columns; every value is a parameter.
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ", fields  # noqa: S608


def write_together(rows: Sequence[models.Model]) -> None:
    """In the order given, in the caller's transaction; a row without a key lets the database number it."""
    statements: list[str] = []
    values: list[object] = []
    for row in rows:
        head, fields = _insert(type(row), row.pk is not None)
        places = []
        for field in fields:
            value = field.pre_save(row, add=True)
            if isinstance(value, models.expressions.DatabaseDefault):
                places.append("DEFAULT")
            else:
                places.append("%s")
                values.append(field.get_db_prep_save(value, connection))
        statements.append(f"{head}({', '.join(places)})")
    with connection.cursor() as cursor:
        cursor.execute("; ".join(statements), values)
    for row in rows:
        row._state.adding = False
