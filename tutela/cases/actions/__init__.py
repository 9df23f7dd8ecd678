"""What may be done with a case; each action locks, checks, changes and records in one transaction."""

from tutela.cases.actions.deciding import assess, close, confirm, read_anew, tell_answered, tell_referred
from tutela.cases.actions.gathering import link_waiting, place_unplaced
from tutela.cases.actions.recognising import look_again
from tutela.cases.actions.trailing import trail
from tutela.cases.actions.weighing import weigh_again, weigh_recognised, weigh_unweighed

__all__ = [
    "assess",
    "close",
    "confirm",
    "link_waiting",
    "look_again",
    "place_unplaced",
    "read_anew",
    "tell_answered",
    "tell_referred",
    "trail",
    "weigh_again",
    "weigh_recognised",
    "weigh_unweighed",
]
