from tutela.referrals import actions


def remind() -> None:
    while actions.remind():
        pass
