from tutela.indicators import actions


def publish() -> None:
    actions.publish()
