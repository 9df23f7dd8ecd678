from tutela.cases import actions


def link_waiting() -> None:
    while actions.link_waiting():
        pass
    actions.place_unplaced()


def weigh_again() -> None:
    while actions.weigh_again():
        pass
    while actions.weigh_recognised():
        pass
    actions.weigh_unweighed()
