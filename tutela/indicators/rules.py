"""What an indicator may become, which fingerprints are refused or held back, and what bodies together say of it."""

from enum import StrEnum


class Kind(StrEnum):
    PDQ = "pdq"
    SHA256 = "sha256"
    SHA1 = "sha1"
    MD5 = "md5"
    URL = "url"


class State(StrEnum):
    PROPOSED = "proposed"
    QUARANTINED = "quarantined"
    ACTIVE = "active"
    WITHDRAWN = "withdrawn"


class Tier(StrEnum):
    """How well it is verified: A by one reader, B by two, C by two of different organisations."""

    A = "A"
    B = "B"
    C = "C"


class Category(StrEnum):
    """Closed, so that the list can never be widened to other content by writing another word.

    Both are material in the sense of dir-2011-93:art-2-c: the international baseline, or beyond it by national law.
    """

    BASELINE = "baseline"
    NATIONAL = "national"
