"""All tables that are given away, those that ship and those this installation keeps, by name."""

from functools import cache

from tutela.portal.opendata_live import LIVE
from tutela.portal.opendata_rows import Row
from tutela.portal.opendata_sets import SHIPPED

DATASETS = (*LIVE, *SHIPPED)
BY_NAME = {each.name: each for each in DATASETS}


def rows(name: str) -> tuple[Row, ...]:
    """Raises KeyError for a table that is not given away."""
    return tuple(BY_NAME[name].read()) if BY_NAME[name].is_live else _shipped(name)


def count(name: str) -> int:
    """How many rows it has, without making them. Raises KeyError for a table that is not given away."""
    counted = BY_NAME[name].count
    return counted() if counted else len(_shipped(name))


@cache
def _shipped(name: str) -> tuple[Row, ...]:
    return tuple(BY_NAME[name].read())
