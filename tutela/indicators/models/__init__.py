"""Indicators, what was said about them, and what may never come back."""

from tutela.indicators.models.benign import BenignHash
from tutela.indicators.models.history import Change, Event, Tombstone
from tutela.indicators.models.indicator import Indicator
from tutela.indicators.models.listing import ListChange, Listing, PublishedList, SnapshotPart
from tutela.indicators.models.sayings import Answer, Classification, Opinion

__all__ = [
    "Answer",
    "BenignHash",
    "Change",
    "Classification",
    "Event",
    "Indicator",
    "ListChange",
    "Listing",
    "Opinion",
    "PublishedList",
    "SnapshotPart",
    "Tombstone",
]
