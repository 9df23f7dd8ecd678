"""What may be done: take over a register's file, find, and prove; each in one transaction with its leaf."""

from tutela.compliance.actions.finding import record_article_measure, record_finding
from tutela.compliance.actions.importing import import_decisions, import_measures
from tutela.compliance.actions.proving import (
    add_measurement,
    change_technology,
    give_evidence,
    readiness_of,
    register_technology,
    withdraw_evidence,
)

__all__ = [
    "add_measurement",
    "change_technology",
    "give_evidence",
    "import_decisions",
    "import_measures",
    "readiness_of",
    "record_article_measure",
    "record_finding",
    "register_technology",
    "withdraw_evidence",
]
