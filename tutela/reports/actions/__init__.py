"""What may be done with a report; each action locks, checks, changes and records in one transaction."""

from tutela.reports.actions.erasing import erase
from tutela.reports.actions.following import happened, record_outcome, record_step, steps_for_token
from tutela.reports.actions.looking_back import look_back
from tutela.reports.actions.matching import match_unmatched, match_waiting
from tutela.reports.actions.piecewise import (
    NoSuchFile,
    add_details,
    add_file,
    expire_unfinished,
    finish,
    open_report,
    retract,
)
from tutela.reports.actions.reading import Original, Purpose, open_message, open_originals, trail
from tutela.reports.actions.receiving import KeyReused, Received, complete, receive

__all__ = [
    "KeyReused",
    "NoSuchFile",
    "Original",
    "Purpose",
    "Received",
    "add_details",
    "add_file",
    "complete",
    "erase",
    "expire_unfinished",
    "finish",
    "happened",
    "look_back",
    "match_unmatched",
    "match_waiting",
    "open_message",
    "open_originals",
    "open_report",
    "receive",
    "record_outcome",
    "record_step",
    "retract",
    "steps_for_token",
    "trail",
]
