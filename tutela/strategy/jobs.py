from tutela.accounts.policy import HOUSE
from tutela.strategy import actions


def keep_gaps() -> None:
    actions.keep_gaps(by=HOUSE)
