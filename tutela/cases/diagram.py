"""The page docs/cases.md, printed from the tables themselves: `python -m tutela.cases.diagram > docs/cases.md`."""

import sys

from tutela.cases.rules import DISMISS, GROUNDS, MOVES, REFER, WAITING
from tutela.cases.urgency import HARD, LEAST, MOST, POINTS


def page() -> str:
    return "\n".join([*_opening(), *_moves(), *_grounds(), *_urgency()]) + "\n"


def _opening() -> list[str]:
    return [
        "# Cases",
        "",
        "Printed from the tables of `tutela/cases` by `python -m tutela.cases.diagram`; a test compares the two.",
        "",
        "A case holds the reports that belong under one decision: those that share an account of the same provider, an",
        "e-mail address, a phone number, a device or a web address. A shared file or indicator only links two cases.",
        "",
    ]


def _moves() -> list[str]:
    """Mermaid's state diagram, which the forges draw and a person can read as it is."""
    lines = ["## Moves", "", "```mermaid", "stateDiagram-v2", f"    [*] --> {WAITING}"]
    lines += [f"    {state} --> {to}: {move}" for state, moves in MOVES.items() for move, to in moves.items()]
    lines += [f"    {state} --> [*]" for state, moves in MOVES.items() if not moves]
    lines += ["```", "", "| state | move | state after it |", "|---|---|---|"]
    lines += [f"| {state} | {move} | {to} |" for state, moves in MOVES.items() for move, to in moves.items()]
    return [
        *lines,
        "",
        "What is not in the table is refused. The second reader is never the first; the database checks it too.",
        "",
    ]


def _grounds() -> list[str]:
    lines = ["## Grounds", "", "| to | ground | what it says | the case must carry one of |", "|---|---|---|---|"]
    for decision in (REFER, DISMISS):
        lines += [
            f"| {decision} | {name} | {ground.sentence} | {', '.join(sorted(ground.signals)) or 'anything'} |"
            for name, ground in GROUNDS.items()
            if ground.decision == decision
        ]
    return [*lines, "", "A resemblance to a known item is a lead: alone it is no ground to refer.", ""]


def _urgency() -> list[str]:
    lines = ["## Urgency", "", "These put a case on top whatever its points:", ""]
    lines += [f"- **{name}**: {sentence}" for name, sentence in HARD.items()]
    lines += ["", f"The points are the sum of these reasons, never below {LEAST} and never above {MOST}:", ""]
    lines += ["| reason | points | sentence |", "|---|---:|---|"]
    lines += [f"| {reason.name} | {reason.points:+d} | {reason.sentence} |" for reason in POINTS]
    return [*lines, "", "How complete a report is does not enter."]


if __name__ == "__main__":
    sys.stdout.write(page())
