from tutela.reports import actions


def match_waiting() -> None:
    while actions.match_waiting():
        pass
    actions.match_unmatched()


def look_back() -> None:
    while actions.look_back():
        pass


def expire_unfinished() -> None:
    while actions.expire_unfinished():
        pass
