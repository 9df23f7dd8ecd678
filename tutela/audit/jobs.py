from tutela.audit import actions


def chain() -> None:
    while actions.chain():
        pass
