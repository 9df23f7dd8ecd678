"""Hashes out of Parquet, as arrays: no object for a row, and every row that is no hash named by its number."""

from importlib import import_module
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tutela.matching.hashes import SIZE_BYTES, Kind

COLUMNS: tuple[Kind, ...] = ("pdq", "sha256", "sha1", "md5")
"""Looked for under these names where none is said; all that are there are asked."""

_NO_DIGIT = 255
_DIGITS = np.full(256, _NO_DIGIT, dtype=np.uint8)
for _value, _letters in enumerate("0123456789abcdef"):
    _DIGITS[[ord(_letters), ord(_letters.upper())]] = _value


class BadSource(ValueError):
    """The back catalogue cannot be read as one; the message says what to change. Nothing was written over."""


class Hashes(NamedTuple):
    """`row` counts from the first row of the part; rows without a hash are left out."""

    values: NDArray[np.uint8]
    row: NDArray[np.int64]


def parquet() -> Any:
    return _needed("pyarrow.parquet")


def arrow() -> Any:
    return _needed("pyarrow")


def _needed(module: str) -> Any:
    try:
        return import_module(module)
    except ImportError:
        raise BadSource("Bulk matching needs its own parts: pip install 'tutela[bulk]'.") from None


def chosen(schema: Any, named: dict[Kind, str]) -> dict[Kind, str]:
    """Which column holds which kind. Raises BadSource, which says what columns there are."""
    wanted = named or {kind: kind for kind in COLUMNS if kind in schema.names}
    there = ", ".join(schema.names) or "none"
    if not wanted:
        raise BadSource(f"No column is named {', '.join(COLUMNS)}; say which holds what. There are: {there}.")
    for kind, column in wanted.items():
        if column not in schema.names:
            raise BadSource(f"There is no column {column}. There are: {there}.")
        _check_type(schema.field(column).type, kind, column)
    return wanted


def _check_type(type_: Any, kind: Kind, column: str) -> None:
    types = arrow().types
    is_text = types.is_string(type_) or types.is_large_string(type_)
    is_bytes = types.is_binary(type_) or types.is_large_binary(type_)
    is_fixed = types.is_fixed_size_binary(type_) and type_.byte_width == SIZE_BYTES[kind]
    if not (is_text or is_bytes or is_fixed):
        raise BadSource(
            f"The column {column} holds {type_}; a column of {kind} holds {SIZE_BYTES[kind]} bytes a row, or as many "
            "in hexadecimal."
        )


def read(column: Any, kind: Kind, *, first_row: int) -> Hashes:
    """A chunked column of one part; `first_row` is only for what is said of a row that is wrong."""
    array = column.combine_chunks()
    array = array if not hasattr(array, "chunks") else array.chunk(0)
    row = np.flatnonzero(~array.is_null().to_numpy(zero_copy_only=False)).astype(np.int64)
    full = array.drop_null()
    types, size = arrow().types, SIZE_BYTES[kind]
    if types.is_fixed_size_binary(full.type):
        raw = np.frombuffer(full.buffers()[1], dtype=np.uint8)
        return Hashes(raw[full.offset * size : (full.offset + len(full)) * size].reshape(-1, size), row)
    is_text = types.is_string(full.type) or types.is_large_string(full.type)
    values = _equal_lengths(full, 2 * size if is_text else size, row + first_row)
    return Hashes(_from_hexadecimal(values, row + first_row) if is_text else values, row)


def _equal_lengths(array: Any, size: int, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
    wide = arrow().types.is_large_string(array.type) or arrow().types.is_large_binary(array.type)
    offsets = np.frombuffer(array.buffers()[1], dtype=np.int64 if wide else np.int32)
    offsets = offsets[array.offset : array.offset + len(array) + 1]
    if len(array) == 0:
        return np.empty((0, size), dtype=np.uint8)
    lengths = np.diff(offsets)
    wrong = np.flatnonzero(lengths != size)
    if len(wrong):
        raise BadSource(
            f"Row {rows[wrong[0]] + 1:,} holds {lengths[wrong[0]]} characters or bytes where {size} make a hash "
            f"({len(wrong):,} such rows in this part)."
        )
    raw = np.frombuffer(array.buffers()[2], dtype=np.uint8)
    return raw[offsets[0] : offsets[-1]].reshape(-1, size)


def _from_hexadecimal(text: NDArray[np.uint8], rows: NDArray[np.int64]) -> NDArray[np.uint8]:
    digits = _DIGITS[text]
    wrong = np.flatnonzero((digits == _NO_DIGIT).any(axis=1))
    if len(wrong):
        raise BadSource(f"Row {rows[wrong[0]] + 1:,} holds other characters than hexadecimal digits.")
    return ((digits[:, ::2] << 4) | digits[:, 1::2]).astype(np.uint8)
