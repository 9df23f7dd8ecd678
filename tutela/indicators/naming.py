"""How an indicator is named to those outside: on a list and in an answer by the same words."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from tutela.exchange.lists import LONGEST_WORD
from tutela.indicators.matching import any_number
from tutela.indicators.models import Classification


def reference_of(number: int) -> str:
    return f"indicator:{number}"


def classifications_of(numbers: Collection[int]) -> Mapping[int, str]:
    """Each scheme's own word for it, never converted into another's; empty where nobody classed it."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = Classification.objects.filter(indicator=any_number(numbers)).order_by("scheme", "version", "code")
    for number, *label in rows.values_list("indicator_id", "scheme", "version", "code"):
        found[number].append(" ".join(label))
    return defaultdict(str, {number: _in_one_line(dict.fromkeys(each)) for number, each in found.items()})


def _in_one_line(words: Iterable[str]) -> str:
    """Whole words, as many as a line of a list holds: one that is classed at length must not hold up its list."""
    line = ""
    for word in words:
        longer = f"{line}; {word}" if line else word
        line = longer if len(longer) <= LONGEST_WORD else line
    return line
