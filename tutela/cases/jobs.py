from tutela.cases import actions


def link_waiting() -> None:
    while actions.link_waiting():
        pass
