from tutela.accounts.policy import HOUSE
from tutela.statistics import actions


def refresh() -> None:
    actions.refresh(by=HOUSE)
