"""The lists as they were when a long run began."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tutela.matching.catalogue import BadCatalogue, Catalogue


@contextmanager
def held(catalogue: Catalogue, out: Path) -> Iterator[Path]:
    """Where this edition lies beside `out` until the run that writes it is done, however often it is interrupted.

    Lists are synced every few minutes and a back catalogue takes hours: without this, half of an answer would be of
    one edition and half of another.
    """
    place, begun = (out.with_name(f"{out.name}.{each}") for each in ("lists", "parts"))
    if not (begun.exists() and _is_whole(place)):
        catalogue.save(place)
    try:
        yield place
    except BaseException:
        if not begun.exists():
            shutil.rmtree(place, ignore_errors=True)
        raise
    shutil.rmtree(place, ignore_errors=True)


def _is_whole(place: Path) -> bool:
    try:
        Catalogue.open(place)
    except BadCatalogue:
        return False
    return True
