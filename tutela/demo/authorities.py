"""The invented authorities' machines: they list what was handed to them, take it, acknowledge and answer."""

import random
from collections.abc import Callable, Container
from dataclasses import dataclass, field
from typing import Any

import httpx

from tutela.demo.world import Authority
from tutela.exchange.words import OutcomeCode
from tutela.provider.wire import Bearer, Patience, Wire
from tutela.seals.bundle import read_bundle
from tutela.seals.canonical import digest
from tutela.seals.signatures import PublicKey

DOSSIERS_OPENED = 2
CHANCES = {
    OutcomeCode.INVESTIGATION_OPENED: 0.4,
    OutcomeCode.INVESTIGATION_SUPPORTED: 0.25,
    OutcomeCode.CHILD_PROTECTED: 0.1,
    OutcomeCode.OTHER_ACTION: 0.1,
    OutcomeCode.NO_ACTION: 0.12,
    OutcomeCode.WRONG_DELETE: 0.03,
}


@dataclass
class Done:
    """What the authorities know of their own work."""

    acknowledged: list[int] = field(default_factory=list)
    answered: list[int] = field(default_factory=list)
    verified_dossiers: int = 0


class Desk:
    """One authority's machine."""

    def __init__(self, server: str, authority: Authority) -> None:
        patience = Patience(tries=20, longest_wait_seconds=1.0)
        self._wire = Wire(server, Bearer(authority.bearer), patience=patience, timeout_seconds=30.0, transport=None)

    def work(
        self, done: Done, rng: random.Random, *, after_each: Callable[[], None], only: Container[int] | None = None
    ) -> None:
        """Whatever was handed over and not acknowledged yet, or what is named of it."""
        for place, referral in enumerate(each for each in self._waiting() if only is None or each["number"] in only):
            number = referral["number"]
            if place < DOSSIERS_OPENED:
                self.verify_dossier(number, referral["dossier_sha256"])
                done.verified_dossiers += 1
            self.acknowledge(number)
            done.acknowledged.append(number)
            self.answer(number, rng.choices(list(CHANCES), list(CHANCES.values()))[0])
            done.answered.append(number)
            after_each()

    def verify_dossier(self, number: int, sha256: str) -> bytes:
        """As `tutela dossier verify` does, against the key the server publishes. Raises BadBundle."""
        keys = [PublicKey.from_text(each["public"]) for each in self._get("keys.json")["keys"]]
        bundle = self._said("GET", f"api/v1/referrals/{number}/dossier", params={"purpose": "investigation"}).content
        read_bundle(bundle, "dossier", keys=keys)
        if digest(bundle) != sha256:
            raise ValueError(f"the dossier of referral {number} is not the one that was recorded")
        return bundle

    def acknowledge(self, number: int) -> None:
        self._said("POST", f"api/v1/referrals/{number}/acknowledgement")

    def answer(self, number: int, code: OutcomeCode) -> None:
        self._said("POST", f"api/v1/referrals/{number}/outcome", json={"code": code})

    def waiting(self) -> int:
        return len(self._waiting())

    def _waiting(self) -> list[dict[str, Any]]:
        after: int | None = 0
        found: list[dict[str, Any]] = []
        while after is not None:
            page = self._get("api/v1/referrals", after=after, limit=200)
            found += [each for each in page["referrals"] if each["state"] == "handed_over"]
            after = page["next"]
        return found

    def _get(self, path: str, **params: int) -> Any:
        return self._said("GET", path, params=params).json()

    def _said(self, method: str, path: str, **what: Any) -> httpx.Response:
        return self._wire.ask(method, path, may_repeat=method == "GET", **what).raise_for_status()

    def close(self) -> None:
        self._wire.close()
