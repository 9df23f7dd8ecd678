"""One byte form for one value: RFC 8785 canonical JSON, so that a hash or signature never depends on spacing."""

import hashlib
import json
from typing import Any

import rfc8785

type_errors = (rfc8785.CanonicalizationError, TypeError, ValueError)


def canonical(value: Any) -> bytes:
    """The canonical JSON of a value of plain types; raises ValueError for anything JSON cannot say exactly."""
    try:
        return rfc8785.dumps(value)
    except type_errors as error:
        raise ValueError(f"not canonical JSON: {type(error).__name__}") from error


def is_canonical(data: bytes) -> bool:
    try:
        return canonical(json.loads(data)) == data
    except ValueError:
        return False


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
