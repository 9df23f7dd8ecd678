from tutela.reports import actions


def match_waiting() -> None:
    while actions.match_waiting():
        pass


def expire_unfinished() -> None:
    while actions.expire_unfinished():
        pass
