"""Send a written report over the CyberTipline wire without the bytes of any file."""

from dataclasses import dataclass

from tutela.exchange.cybertip import Code
from tutela.provider.errors import NotUnderstood, WrongState
from tutela.provider.ispws import Ispws
from tutela.provider.written import Written, without_bytes


@dataclass(frozen=True)
class Sent:
    """`before`: the same report had been sent and finished earlier; this resend was linked to it."""

    name: str
    number: int
    items: int
    before: bool = False


def send_written(ispws: Ispws, written: Written) -> Sent:
    """Open, register each file by its hashes, finish. Cut half-way, the same call again goes on where it stood."""
    number = ispws.submit(written.report).report_id
    if number is None:
        raise NotUnderstood("The server answered without a report number.")
    try:
        for details in written.details:
            ispws.fileinfo(without_bytes(details, number=number))
        ispws.finish(number)
    except WrongState as error:
        if error.code != Code.ALREADY_FINISHED:
            raise
        return Sent(written.name, number, len(written.details), before=True)
    return Sent(written.name, number, len(written.details))
