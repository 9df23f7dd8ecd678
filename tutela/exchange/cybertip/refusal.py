"""What is wrong with a message, said by place and rule and never by value: a refusal must not carry the content on."""

from typing import NamedTuple

FAULTS_SHOWN = 20


class Fault(NamedTuple):
    path: str
    rule: str


class BadReport(ValueError):
    """A message of the CyberTipline format that breaks its rules; `faults` names each place and what to change."""

    def __init__(self, faults: list[Fault]) -> None:
        shown = "; ".join(f"{path}: {rule}" for path, rule in faults[:FAULTS_SHOWN])
        more = f"; and {len(faults) - FAULTS_SHOWN} more" if len(faults) > FAULTS_SHOWN else ""
        super().__init__(shown + more)
        self.faults = faults


class Trail:
    """Where the reader or writer stands, and the faults found so far in the whole message."""

    __slots__ = ("faults", "path")

    def __init__(self, path: str, faults: list[Fault] | None = None) -> None:
        self.path = path
        self.faults: list[Fault] = [] if faults is None else faults

    def down(self, name: str, number: int = 1) -> "Trail":
        return Trail(f"{self.path}/{name}" + (f"[{number}]" if number > 1 else ""), self.faults)

    def fault(self, rule: str) -> None:
        self.faults.append(Fault(self.path, rule))

    def check(self) -> None:
        if self.faults:
            raise BadReport(self.faults)
