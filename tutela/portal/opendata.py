"""Open data: every table with its columns explained, as CSV, JSON and JSON-LD, at addresses that stay."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from tutela.portal import opendata_linked
from tutela.portal.answers import CACHED, page
from tutela.portal.opendata_rows import Cell
from tutela.portal.opendata_sets import Dataset
from tutela.portal.opendata_tables import BY_NAME, DATASETS, count, rows


def index(request: HttpRequest) -> HttpResponse:
    counted = [(each, count(each.name)) for each in DATASETS]
    return page(request, "data", {"datasets": counted})


def dataset(request: HttpRequest, name: str) -> HttpResponse:
    found = _known(name)
    context = {"dataset": found, "count": count(name), "columns": found.columns.items(), "forms": WRITERS}
    return page(request, "data_set", context)


def download(request: HttpRequest, name: str, form: str) -> HttpResponse:
    found = _known(name)
    if form not in WRITERS:
        raise Http404
    write = _written if found.is_live else _written_once
    return _answer(*write(found.name, form, settings.ORIGIN.rstrip("/")))


def catalogue(request: HttpRequest) -> HttpResponse:
    said = opendata_linked.catalogue(DATASETS, settings.ORIGIN.rstrip("/"))
    return _answer(_dumped(said), "application/ld+json")


def as_csv(columns: Sequence[str], found: Sequence[Mapping[str, Cell]]) -> bytes:
    """RFC 4180, UTF-8, a header; the words of a list stand side by side with a space between."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_cell(row[column]) for column in columns] for row in found)
    return text.getvalue().encode()


def _known(name: str) -> Dataset:
    if name not in BY_NAME:
        raise Http404
    return BY_NAME[name]


def _written(name: str, form: str, origin: str) -> tuple[bytes, str]:
    write, kind = WRITERS[form]
    return write(BY_NAME[name], origin), kind


# What ships changes with the code only, so each of its tables is written once for each process.
_written_once = cache(_written)


def _write_csv(found: Dataset, origin: str) -> bytes:
    return as_csv(list(found.columns), rows(found.name))


def _write_json(found: Dataset, origin: str) -> bytes:
    return _dumped(
        {
            "table": f"{origin}/data/{found.name}",
            "title": str(found.title),
            "licence": f"{origin}/data#licence",
            "columns": {name: str(meaning) for name, meaning in found.columns.items()},
            "rows": rows(found.name),
        }
    )


def _write_linked(found: Dataset, origin: str) -> bytes:
    return _dumped(opendata_linked.document(found, origin))


WRITERS: dict[str, tuple[Callable[[Dataset, str], bytes], str]] = {
    "csv": (_write_csv, "text/csv; charset=utf-8"),
    "json": (_write_json, "application/json"),
    "jsonld": (_write_linked, "application/ld+json"),
}


def _dumped(said: Mapping[str, object]) -> bytes:
    """One line for each row: it can be read and compared by line, and the encoder that indents is ten times slower."""
    return ("{\n" + ",\n".join(f"{_dump(name)}: {_lines(part)}" for name, part in said.items()) + "\n}\n").encode()


def _lines(part: object) -> str:
    return "[\n" + ",\n".join(map(_dump, part)) + "\n]" if isinstance(part, list | tuple) else _dump(part)


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _cell(value: Cell) -> str | int:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return " ".join(str(each) for each in value) if isinstance(value, list) else value


def _answer(content: bytes, kind: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Cache-Control"] = CACHED
    return answer
