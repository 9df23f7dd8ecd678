from tutela.reports.models.item import Identifier, Item, Match
from tutela.reports.models.news import News
from tutela.reports.models.outcome import ReportOutcome
from tutela.reports.models.report import Message, Receipt, Report, Resend
from tutela.reports.models.step import Step
from tutela.reports.models.waiting import Sought, Unmatched

__all__ = [
    "Identifier",
    "Item",
    "Match",
    "Message",
    "News",
    "Receipt",
    "Report",
    "ReportOutcome",
    "Resend",
    "Sought",
    "Step",
    "Unmatched",
]
