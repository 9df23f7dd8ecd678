"""What is counted in public and how it is defined; a figure without its definition is never printed."""

from dataclasses import dataclass

# A count this small, or smaller, can point at one event or one person; nought points at nobody.
SMALL_COUNT = 4
WITHHELD = f"1 to {SMALL_COUNT}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    id: str
    title: str
    unit: str
    sentence: str
    not_counted: str
    source: str


REPORTS_RECEIVED = Definition(
    id="reports_received",
    title="Reports received",
    unit="reports",
    sentence="Reports that a provider finished sending to this installation, each counted once.",
    not_counted="The same report sent again; reports withdrawn by their sender; reports never finished.",
    source="This installation's own register of reports.",
)
CASES_DECIDED = Definition(
    id="cases_decided_by_two",
    title="Cases decided by two people",
    unit="cases",
    sentence="Cases that one person assessed and a second, different person confirmed, whatever they decided.",
    not_counted="Cases that wait; cases read by one person only; cases on which the two did not agree.",
    source="This installation's own register of cases.",
)
REFERRALS_ACKNOWLEDGED = Definition(
    id="referrals_acknowledged",
    title="Referrals acknowledged by an authority",
    unit="referrals",
    sentence="Cases handed to a competent authority, for which that authority said that it has them. "
    "A case that went to two authorities is two referrals.",
    not_counted="Referrals prepared or handed over, but not acknowledged.",
    source="This installation's own register of referrals.",
)
DEFINITIONS = {each.id: each for each in (REPORTS_RECEIVED, CASES_DECIDED, REFERRALS_ACKNOWLEDGED)}


def is_small(count: int) -> bool:
    return 0 < count <= SMALL_COUNT


def shown(count: int) -> str:
    """The words that are printed for a count. Raises ValueError for a count that cannot be one."""
    if count < 0:
        raise ValueError(f"a count is nought or more, not {count}")
    return WITHHELD if is_small(count) else f"{count:,}"
