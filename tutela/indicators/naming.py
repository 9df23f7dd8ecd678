"""How an indicator is named to those outside: on a list and in an answer by the same words."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from tutela.indicators.matching import any_number
from tutela.indicators.models import Classification


def reference_of(number: int) -> str:
    return f"indicator:{number}"


def classifications_of(numbers: Collection[int]) -> Mapping[int, str]:
    """Every scheme's own word for it, never converted into another's; empty where nobody classed it."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = Classification.objects.filter(indicator=any_number(numbers)).order_by("scheme", "version", "code")
    for number, *label in rows.values_list("indicator_id", "scheme", "version", "code"):
        found[number].append(" ".join(label))
    return defaultdict(str, {number: "; ".join(dict.fromkeys(each)) for number, each in found.items()})
