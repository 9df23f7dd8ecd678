"""Hashes out of Parquet, as arrays: no object for a row, and every row that is no hash named by its number."""

from collections.abc import Collection, Iterable
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tutela.matching.frames import MIN_QUALITY
from tutela.matching.hashes import SIZE_BYTES, Kind

COLUMNS: tuple[Kind, ...] = ("pdq", "sha256", "sha1", "md5")
"""Looked for under these names where none is said; all that are there are asked."""

_BYTES_READ_AHEAD = 1 << 22

_NO_DIGIT = 255
_DIGITS = np.full(256, _NO_DIGIT, dtype=np.uint8)
for _value, _letters in enumerate("0123456789abcdef"):
    _DIGITS[[ord(_letters), ord(_letters.upper())]] = _value


class BadSource(ValueError):
    """The back catalogue cannot be read as one; the message says what to change. Nothing was written over."""


class BadRow(BadSource):
    """A row whose hash is none: the source must be mended before anything of it counts."""


class Hashes(NamedTuple):
    """`row` counts from the first row of the part; rows without a hash are left out."""

    values: NDArray[np.uint8]
    row: NDArray[np.int64]

    def without(self, rows: NDArray[np.bool_]) -> "Hashes":
        if not rows.any():
            return self
        kept = ~rows[self.row]
        return Hashes(self.values[kept], self.row[kept])


def parquet() -> Any:
    return _needed("pyarrow.parquet")


def arrow() -> Any:
    return _needed("pyarrow")


def _needed(module: str) -> Any:
    try:
        return import_module(module)
    except ImportError:
        raise BadSource("Bulk matching needs its own parts: pip install 'tutela[bulk]'.") from None


def opened(source: Path) -> Any:
    """A ParquetFile, to be used as a context. Raises BadSource."""
    try:
        # Read as it is decoded: Arrow would otherwise first take a whole row group into memory, for each of its parts.
        how = {"pre_buffer": False, "buffer_size": _BYTES_READ_AHEAD, "page_checksum_verification": True}
        return parquet().ParquetFile(source, **how)
    except FileNotFoundError:
        raise BadSource(f"There is no file {source}.") from None
    except arrow().ArrowInvalid:
        raise BadSource(f"{source} is not a Parquet file, or is damaged.") from None
    except OSError as error:
        raise BadSource(f"{source} cannot be read: {error.strerror or 'it is damaged'}.") from None


def chosen(schema: Any, named: dict[Kind, str]) -> dict[Kind, str]:
    """Which column holds which kind. Raises BadSource, which says what columns there are."""
    wanted = named or {kind: kind for kind in COLUMNS if kind in schema.names}
    if not wanted:
        raise BadSource(f"No column is named {', '.join(COLUMNS)}; say which holds what. There are: {_all_of(schema)}.")
    check_columns(schema, wanted.values())
    for kind, column in wanted.items():
        _check_type(schema.field(column).type, kind, column)
    return wanted


def check_columns(schema: Any, wanted: Iterable[str]) -> None:
    for column in wanted:
        if column not in schema.names:
            raise BadSource(f"There is no column {column}. There are: {_all_of(schema)}.")
        if schema.names.count(column) > 1:
            raise BadSource(f"There is more than one column {column}; rename all but one.")


def _all_of(schema: Any) -> str:
    return ", ".join(schema.names) or "none"


def _check_type(type_: Any, kind: Kind, column: str) -> None:
    types, plain = arrow().types, _plain(type_)
    is_text = types.is_string(plain) or types.is_large_string(plain)
    is_bytes = types.is_binary(plain) or types.is_large_binary(plain)
    is_fixed = types.is_fixed_size_binary(plain) and plain.byte_width == SIZE_BYTES[kind]
    if not (is_text or is_bytes or is_fixed):
        raise BadSource(
            f"The column {column} holds {type_}; a column of {kind} holds {SIZE_BYTES[kind]} bytes a row, or as many "
            "in hexadecimal."
        )


def check_quality(schema: Any, column: str, kinds: Collection[Kind]) -> None:
    check_columns(schema, [column])
    types, type_ = arrow().types, schema.field(column).type
    if "pdq" not in kinds:
        raise BadSource("A quality is of a PDQ hash, and no column of those is asked.")
    if not (types.is_integer(type_) or types.is_floating(type_)):
        raise BadSource(f"The column {column} holds {type_}; a quality is a number from 0 to 100.")


def flat(column: Any) -> NDArray[np.bool_]:
    """By the number of the row: a quality below the least at which PDQ hashes are compared. Unknown is none."""
    low = arrow().compute.less(column, MIN_QUALITY).fill_null(False)
    return np.asarray(low.to_numpy(), dtype=np.bool_)


def _plain(type_: Any) -> Any:
    """What other tools write for the same: Polars views, pandas categories, DuckDB an MD5 as UUID."""
    pa = arrow()
    if isinstance(type_, pa.BaseExtensionType):
        return _plain(type_.storage_type)
    if pa.types.is_dictionary(type_):
        return _plain(type_.value_type)
    if pa.types.is_string_view(type_):
        return pa.large_string()
    return pa.large_binary() if pa.types.is_binary_view(type_) else type_


def read(column: Any, kind: Kind, *, first_row: int) -> Hashes:
    """A chunked column of one part; `first_row` is only for what is said of a row that is wrong."""
    types, size, plain = arrow().types, SIZE_BYTES[kind], _plain(column.type)
    array = (column if column.type == plain else column.cast(plain)).combine_chunks()
    array = array if not hasattr(array, "chunks") else array.chunk(0)
    row = np.flatnonzero(~array.is_null().to_numpy(zero_copy_only=False)).astype(np.int64)
    full = array.drop_null()
    if not len(full):
        return Hashes(np.empty((0, size), dtype=np.uint8), row)
    if types.is_fixed_size_binary(plain):
        raw = np.frombuffer(full.buffers()[1], dtype=np.uint8)
        return Hashes(raw[full.offset * size : (full.offset + len(full)) * size].reshape(-1, size), row)
    is_text = types.is_string(plain) or types.is_large_string(plain)
    values = _equal_lengths(full, 2 * size if is_text else size, row + first_row)
    return Hashes(_from_hexadecimal(values, row + first_row) if is_text else values, row)


def _equal_lengths(array: Any, size: int, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
    wide = arrow().types.is_large_string(array.type) or arrow().types.is_large_binary(array.type)
    offsets = np.frombuffer(array.buffers()[1], dtype=np.int64 if wide else np.int32)
    offsets = offsets[array.offset : array.offset + len(array) + 1]
    lengths = np.diff(offsets)
    wrong = np.flatnonzero(lengths != size)
    if len(wrong):
        raise BadRow(
            f"Row {rows[wrong[0]] + 1:,} holds {lengths[wrong[0]]} characters or bytes where {size} make a hash "
            f"({len(wrong):,} such rows in this part)."
        )
    raw = np.frombuffer(array.buffers()[2], dtype=np.uint8)
    return raw[offsets[0] : offsets[-1]].reshape(-1, size)


def _from_hexadecimal(text: NDArray[np.uint8], rows: NDArray[np.int64]) -> NDArray[np.uint8]:
    digits = _DIGITS[text]
    wrong = np.flatnonzero((digits == _NO_DIGIT).any(axis=1))
    if len(wrong):
        raise BadRow(f"Row {rows[wrong[0]] + 1:,} holds other characters than hexadecimal digits.")
    return ((digits[:, ::2] << 4) | digits[:, 1::2]).astype(np.uint8)
