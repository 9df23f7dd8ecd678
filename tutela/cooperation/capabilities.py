"""The 21 capabilities of the Model National Response: their names, and the phases without the names nobody has read."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tutela.cooperation.rules import CAPABILITIES, check_capability
from tutela.law.records import BadRecord, Table, parse
from tutela.law.sources import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability:
    number: int
    domain: str
    name: str
    text: str
    source: Source

    @property
    def label(self) -> str:
        """A name from memory is not printed: the number stands for it."""
        return self.name if self.source.enabled else f"Capability {self.number} (name not verified)"


def capability(number: int) -> Capability:
    """Raises Refused for a number that is none of the 21."""
    return capabilities()[check_capability(number) - 1]


def phase_label(phase: int) -> str:
    """The two middle phases have names that were not read: all four are shown by their number."""
    return f"phase {phase} of 4"


@cache
def capabilities() -> tuple[Capability, ...]:
    name = "capabilities.toml"
    return read_capabilities(parse(name, (files("tutela.cooperation") / "data" / name).read_text(encoding="utf-8")))


def read_capabilities(table: Table) -> tuple[Capability, ...]:
    table.source()
    found = tuple(_capability(each) for each in table.tables("capability"))
    if [each.number for each in found] != list(CAPABILITIES):
        raise BadRecord(f"{table.where}: write the capabilities 1 to {len(CAPABILITIES)}, each once, in their order")
    return table.closed(found)


def _capability(table: Table) -> Capability:
    found = Capability(
        number=table.number("number"),
        domain=table.text("domain"),
        name=table.text("name"),
        text=table.text("text", ""),
        source=table.source(),
    )
    return table.closed(found)
