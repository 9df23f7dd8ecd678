"""What the stories about indicators begin with."""

import random
from datetime import date

from tutela.accounts.policy import Actor
from tutela.indicators import actions
from tutela.indicators.models import Indicator
from tutela.indicators.rules import Fingerprint, Label, Passport

_dice = random.Random(7)


def passport(**other: object) -> Passport:
    said: dict[str, object] = {
        "category": "baseline",
        "authority": "authority:ie",
        "legal_basis": "dir-2011-93:art-2-c",
        "identified_on": date(2026, 11, 1),
        "made_by": "drawn by a test",
        "labels": (Label("invented-scheme", "1", "text-3"),),
    }
    return Passport(**(said | other))


def bits(count: int = 128) -> bytes:
    """256 bits of which so many are set, each time others."""
    return sum(1 << place for place in _dice.sample(range(256), count)).to_bytes(32, "big")


def pdq(count: int = 128, quality: int | None = 90) -> Fingerprint:
    return Fingerprint("pdq", bits(count), quality)


def sha256() -> Fingerprint:
    return Fingerprint("sha256", _dice.randbytes(32))


def near(value: bytes, distance_bits: int) -> bytes:
    turned = sum(1 << place for place in _dice.sample(range(256), distance_bits))
    return (int.from_bytes(value, "big") ^ turned).to_bytes(32, "big")


def active(fingerprint: Fingerprint, first: Actor, second: Actor) -> Indicator:
    return actions.confirm(actions.propose(fingerprint, passport=passport(), by=first), by=second)
