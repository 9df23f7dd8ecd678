"""The CyberTipline's wire, as providers already speak it: reports, file details and answers, read and written."""

from tutela.exchange.cybertip.answers import (
    Answer,
    BadAnswer,
    Code,
    Family,
    answer,
    done_answer,
    family,
    read_answer,
)
from tutela.exchange.cybertip.file_details import FileDetails, read_file_details, write_file_details
from tutela.exchange.cybertip.refusal import BadReport, Fault
from tutela.exchange.cybertip.report import kind_of, read_report, write_report
from tutela.exchange.cybertip.schema import schema, schema_text

__all__ = [
    "Answer",
    "BadAnswer",
    "BadReport",
    "Code",
    "Family",
    "Fault",
    "FileDetails",
    "answer",
    "done_answer",
    "family",
    "kind_of",
    "read_answer",
    "read_file_details",
    "read_report",
    "schema",
    "schema_text",
    "write_file_details",
    "write_report",
]
