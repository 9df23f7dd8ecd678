from tutela.safeguards import actions


def erase_due() -> None:
    while actions.erase_due():
        pass
