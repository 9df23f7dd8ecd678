"""Tokens that let the sender complete a report, and anyone it chooses follow it. They are recomputed, never stored."""

import hmac

from tutela.keys.keeper import blinding_key


def _token(purpose: str, number: int) -> str:
    return hmac.digest(blinding_key(), f"{purpose}:{number}".encode(), "sha256").hex()[:40]


def completing(number: int) -> str:
    return _token("complete", number)


def following(number: int) -> str:
    return f"{number}-{_token('follow', number)}"


def completes(number: int, token: str) -> bool:
    return hmac.compare_digest(token.encode(), completing(number).encode())


def followed(token: str) -> int | None:
    """The report a following token names; None for anything that is not one."""
    number, _, secret = token.partition("-")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    return int(number) if hmac.compare_digest(secret.encode(), _token("follow", int(number)).encode()) else None
