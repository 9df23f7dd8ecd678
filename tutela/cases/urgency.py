"""How urgent a report is: a sum of named reasons anyone can recompute, and hard rules that no sum can bury.

How complete a report is does not enter: a well-kept report of something old is not urgent for being well kept.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

# Never zero: whatever was reported is somebody's suspicion of a child being harmed.
LEAST, MOST = 1, 100


@dataclass(frozen=True)
class Reason:
    name: str
    points: int
    sentence: str

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "points": self.points, "sentence": self.sentence}


@dataclass(frozen=True)
class Matched:
    exact: int = 0
    perceptual: int = 0


@dataclass(frozen=True)
class Urgency:
    """`points` is exactly the sum of the reasons' points; `hard` names the rules that put it on top all the same."""

    points: int
    hard: tuple[str, ...]
    reasons: tuple[Reason, ...]


HARD: Final[dict[str, str]] = {
    "escalation_stated": "The report states an escalation, such as a meeting that was arranged.",
    "live": "An item is marked as a live transmission.",
    "infant": "A child of two years or less is stated.",
    "child_named": "The report names the child.",
    "school_named": "The report names the child's school.",
    "molestation_reported": "The report states that a child is being molested.",
}

_STATED: Final = (
    Reason("escalation_stated", 40, HARD["escalation_stated"]),
    Reason("live", 40, HARD["live"]),
    Reason("molestation_reported", 40, HARD["molestation_reported"]),
    Reason("sadistic_exploitation", 35, "The report states sadistic exploitation."),
    Reason("sextortion", 35, "The report states that a child is extorted."),
    Reason("infant", 30, HARD["infant"]),
    Reason("trafficking_or_travel", 30, "The report states trafficking or travel."),
    Reason("solicitation", 25, "The report is of a child being solicited."),
    Reason("child_named", 20, HARD["child_named"]),
    Reason("school_named", 20, HARD["school_named"]),
    Reason("physical_harm", 20, "An item is marked as showing harm or violence."),
    Reason("material_solicited", 15, "Material was asked of a child."),
    Reason("child_under_13", 15, "A child under 13 is stated."),
    Reason("child_reachable", 15, "An account or person of the child is stated, so that somebody can be reached."),
    Reason("self_produced", 10, "An item is marked as made by the child, who may still be under pressure."),
    Reason("publicly_available", 5, "An item can be reached by anyone."),
    Reason("minor_to_minor", -5, "The sender states that both sides are children."),
    Reason("generated_only", -10, "Every item is marked as generated or drawn; a child may still be behind it."),
    Reason("viral", -30, "The sender states that the item circulates widely."),
    Reason("informational", -40, "The sender marked the report as information only or as spam."),
)
_NEW = Reason("unknown_item", 10, "No item is known: it may be recent, and the child not yet found.")
_KNOWN_ONLY = Reason("known_item", -10, "An item is already known, and nobody who can be reached is stated.")
_AGES: Final = (
    (2, Reason("within_two_days", 15, "The incident is at most two days older than the report.")),
    (14, Reason("within_two_weeks", 8, "The incident is at most two weeks older than the report.")),
)
_OLD = Reason("older_than_a_year", -10, "The incident is more than a year older than the report.")
_EACH_MORE, _MORE_AT_MOST = 5, 15
_MORE = Reason("more_reports", _EACH_MORE, f"For each further report of the same; at most {_MORE_AT_MOST}.")

POINTS: Final = (*_STATED, _NEW, _KNOWN_ONLY, *(reason for _, reason in _AGES), _OLD, _MORE)


def urgency(signals: Collection[str], *, matched: Matched, items: int, days_before_report: int) -> Urgency:
    """Of one report, from its signals (names without a personal datum), its matches and the age of the incident."""
    found = [reason for reason in _STATED if reason.name in signals]
    if items and not (matched.exact or matched.perceptual):
        found.append(_NEW)
    if matched.exact and "child_reachable" not in signals:
        found.append(_KNOWN_ONLY)
    found += [reason for days, reason in _AGES if days_before_report <= days][:1]
    if days_before_report > 365:
        found.append(_OLD)
    return _within(found, tuple(name for name in HARD if name in signals))


def of_case(reports: Sequence[Urgency]) -> Urgency:
    """The most urgent report leads; further reports of the same people add a little; no hard rule is lost."""
    lead = max(reports, key=lambda each: (bool(each.hard), each.points))
    found = [reason for reason in lead.reasons if reason.name not in _LIMITS]
    if more := min((len(reports) - 1) * _EACH_MORE, _MORE_AT_MOST):
        found.append(Reason(_MORE.name, more, f"{len(reports)} reports share an account, person or place."))
    return _within(found, tuple(name for name in HARD if any(name in each.hard for each in reports)))


_LIMITS: Final = {
    "at_most": f"No score is above {MOST}.",
    "at_least": f"No score is below {LEAST}.",
}


def _within(found: list[Reason], hard: tuple[str, ...]) -> Urgency:
    points = sum(reason.points for reason in found)
    kept = min(max(points, LEAST), MOST)
    if kept != points:
        name = "at_most" if kept < points else "at_least"
        found = [*found, Reason(name, kept - points, _LIMITS[name])]
    return Urgency(kept, hard, tuple(found))
