"""The closed vocabularies of a report: a value outside them is refused by name, never guessed."""

from enum import StrEnum


class Kind(StrEnum):
    """What is reported. Text-only grooming and sextortion need no file."""

    KNOWN_MATERIAL = "known_material"
    NEW_MATERIAL = "new_material"
    SOLICITATION = "solicitation"


class Service(StrEnum):
    """The kind of service the report comes from; the legal basis differs by it."""

    INTERPERSONAL = "interpersonal"
    HOSTING = "hosting"
    OTHER = "other"


class IncidentType(StrEnum):
    """The eight incident types providers already use on the CyberTipline wire."""

    MATERIAL = "material"
    TRAFFICKING = "trafficking"
    TRAVEL = "travel"
    MOLESTATION = "molestation"
    MISLEADING_DOMAIN = "misleading_domain"
    MISLEADING_WORDS = "misleading_words"
    ENTICEMENT = "enticement"
    UNSOLICITED = "unsolicited"


class Annotation(StrEnum):
    """Flags a provider sets on a whole report."""

    SEXTORTION = "sextortion"
    MATERIAL_SOLICITED = "material_solicited"
    MINOR_TO_MINOR = "minor_to_minor"
    SPAM = "spam"
    SADISTIC_EXPLOITATION = "sadistic_exploitation"
    INFORMATIONAL = "informational"


class ItemAnnotation(StrEnum):
    """Flags a provider sets on one item."""

    DRAWN = "drawn"
    POTENTIAL_MEME = "potential_meme"
    VIRAL = "viral"
    SELF_PRODUCED = "self_produced"
    PHYSICAL_HARM = "physical_harm"
    VIOLENCE = "violence"
    ANIMAL = "animal"
    LIVE = "live"
    INFANT = "infant"
    GENERATED = "generated"


class Classification(StrEnum):
    """The industry's scheme of 2014 (updated 2022): letter = age group, digit = act. A provider's label, no finding."""

    A1 = "A1"
    A2 = "A2"
    B1 = "B1"
    B2 = "B2"


class Relevance(StrEnum):
    REPORTED = "reported"
    SUPPLEMENTAL = "supplemental"


class Role(StrEnum):
    """In which quality a person stands in a report (Directive (EU) 2016/680, Article 6: never one bucket)."""

    SUSPECT = "suspect"
    RECIPIENT = "recipient"
    VICTIM = "victim"


class PlaceKind(StrEnum):
    WEB = "web"
    EMAIL = "email"
    NEWSGROUP = "newsgroup"
    CHAT = "chat"
    GAMING = "gaming"
    PHONE = "phone"
    OFFLINE = "offline"
    PEER_TO_PEER = "peer_to_peer"


class NetworkEvent(StrEnum):
    LOGIN = "login"
    REGISTRATION = "registration"
    PURCHASE = "purchase"
    UPLOAD = "upload"
    OTHER = "other"
    UNKNOWN = "unknown"


class OutcomeCode(StrEnum):
    """What an authority answered (after the statistics of COM(2022) 209, Article 83(2)(a))."""

    INVESTIGATION_OPENED = "investigation_opened"
    INVESTIGATION_SUPPORTED = "investigation_supported"
    CHILD_PROTECTED = "child_protected"
    OTHER_ACTION = "other_action"
    NO_ACTION = "no_action"
    WRONG_DELETE = "wrong_delete"


class Verdict(StrEnum):
    """One body's opinion on an indicator; both together make it disputed."""

    NEGATIVE = "negative"
    SEED = "seed"
    POSITIVE = "positive"
