"""Everything that runs by itself, on one page.

What waits for a job is a row's own state, written in the transaction that caused it; a job that dies half-way leaves
the row waiting, and the next tick takes it. So a tick may be lost or doubled, and nothing else is.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import close_old_connections
from procrastinate.contrib.django import app

from tutela.audit import jobs as audit
from tutela.cases import jobs as cases
from tutela.indicators import jobs as indicators
from tutela.keys import jobs as keys
from tutela.referrals import jobs as referrals
from tutela.reports import jobs as reports
from tutela.safeguards import jobs as safeguards
from tutela.statistics import jobs as statistics
from tutela.strategy import jobs as strategy

EVERY_SECOND, EVERY_MINUTE, EVERY_HOUR = "* * * * * *", "* * * * *", "0 * * * *"


@dataclass(frozen=True)
class Timed:
    name: str
    cron: str
    why: str
    job: Callable[[], object]


SCHEDULE = [
    Timed("reports.match", EVERY_SECOND, "what came in is matched against what is known", reports.match_waiting),
    Timed("cases.link", EVERY_SECOND, "what belongs together comes under one decision", cases.link_waiting),
    Timed("audit.chain", EVERY_SECOND, "every action has its place in the chain within a second", audit.chain),
    Timed("audit.anchor", EVERY_MINUTE, "the chain's head stands outside the database", keys.anchor),
    Timed(
        "reports.look_back",
        EVERY_MINUTE,
        "what was confirmed since is looked for in what came",
        reports.look_back,
    ),
    Timed("indicators.publish", EVERY_MINUTE, "whoever holds a list learns what came and went", indicators.publish),
    Timed("reports.expire", EVERY_MINUTE, "what was never finished is given up", reports.expire_unfinished),
    Timed(
        "statistics.refresh", EVERY_MINUTE, "public figures are counted once, not at every visit", statistics.refresh
    ),
    Timed(
        "strategy.keep_gaps", EVERY_MINUTE, "what is missing is computed once, not at every visit", strategy.keep_gaps
    ),
    Timed("cases.weigh", EVERY_MINUTE, "a case is weighed anew when an indicator it rests on fell", cases.weigh_again),
    Timed("referrals.correct", EVERY_MINUTE, "whoever was told of what fell is corrected", referrals.correct_withdrawn),
    Timed("referrals.remind", EVERY_HOUR, "an answer that is due is asked for", referrals.remind),
    Timed("safeguards.erase", EVERY_HOUR, "what may not be kept any longer is erased", safeguards.erase_due),
]


def _task(timed: Timed) -> Callable[[int], None]:
    def run(timestamp: int) -> None:
        # A connection that died with the database must not be met twice.
        close_old_connections()
        timed.job()

    return run


for timed in SCHEDULE:
    # The queueing lock keeps ticks from piling up behind a long run; a tick that is running does not hold it.
    task = app.task(name=timed.name, queueing_lock=timed.name)(_task(timed))
    app.periodic(cron=timed.cron)(task)
