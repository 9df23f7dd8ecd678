from tutela.referrals import actions


def remind() -> None:
    while actions.remind():
        pass


def correct_withdrawn() -> None:
    while actions.correct_withdrawn():
        pass
    actions.correct_uncorrected()
