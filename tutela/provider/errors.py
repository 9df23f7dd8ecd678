"""What can go wrong between a provider and a server:

TutelaError
├── Unreachable       nothing is known to have been accepted; the same bytes may be sent again
│   └── Busy          the server said so itself (503, 429)
├── NotUnderstood     the answer is none of this protocol: somebody else's server, or something between
└── Refused           the server read the request and said no; sending it again changes nothing
    ├── WhoAreYou     missing or wrong credential (401)
    ├── NotAllowed    this credential does not open this call (403)
    ├── NotFound      it does not exist, or it is not yours: the answer is the same (404)
    ├── WrongState    finished, retracted or expired before (409)
    └── BadMessage    the message breaks a rule; `faults` names each place
"""

from dataclasses import dataclass


class TutelaError(Exception):
    """The message is a sentence for a person."""


class Unreachable(TutelaError):
    def __init__(self, sentence: str, *, retry_after_seconds: float = 0.0) -> None:
        super().__init__(sentence)
        self.retry_after_seconds = retry_after_seconds


class Busy(Unreachable):
    pass


class NotUnderstood(TutelaError):
    pass


@dataclass(frozen=True)
class Fault:
    where: str
    rule: str


class Refused(TutelaError):
    """`code` is the protocol's own: a number on the CyberTipline wire, a problem's name in our API."""

    def __init__(self, sentence: str, *, code: int | str = "", faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(sentence)
        self.code, self.faults = code, faults


class WhoAreYou(Refused):
    pass


class NotAllowed(Refused):
    pass


class NotFound(Refused):
    pass


class WrongState(Refused):
    pass


class BadMessage(Refused):
    pass


_BY_STATUS: dict[int, type[Refused]] = {401: WhoAreYou, 403: NotAllowed, 404: NotFound, 409: WrongState}


def refusal(status: int, sentence: str, *, code: int | str = "", faults: tuple[Fault, ...] = ()) -> Refused:
    return _BY_STATUS.get(status, BadMessage)(sentence, code=code, faults=faults)
