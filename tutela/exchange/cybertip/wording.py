"""The wire's exact strings, each beside our word for it."""

from tutela.exchange.words import (
    Annotation,
    Classification,
    IncidentType,
    ItemAnnotation,
    NetworkEvent,
    Relevance,
)

INCIDENT_TYPES = {
    "Child Pornography (possession, manufacture, and distribution)": IncidentType.MATERIAL,
    "Child Sex Trafficking": IncidentType.TRAFFICKING,
    "Child Sex Tourism": IncidentType.TRAVEL,
    "Child Sexual Molestation": IncidentType.MOLESTATION,
    "Misleading Domain Name": IncidentType.MISLEADING_DOMAIN,
    "Misleading Words or Digital Images on the Internet": IncidentType.MISLEADING_WORDS,
    "Online Enticement of Children for Sexual Acts": IncidentType.ENTICEMENT,
    "Unsolicited Obscene Material Sent to a Child": IncidentType.UNSOLICITED,
}
ANNOTATIONS = {
    "sextortion": Annotation.SEXTORTION,
    "csamSolicitation": Annotation.MATERIAL_SOLICITED,
    "minorToMinorInteraction": Annotation.MINOR_TO_MINOR,
    "spam": Annotation.SPAM,
    "sadisticOnlineExploitation": Annotation.SADISTIC_EXPLOITATION,
    "informational": Annotation.INFORMATIONAL,
}
ITEM_ANNOTATIONS = {
    "animeDrawingVirtualHentai": ItemAnnotation.DRAWN,
    "potentialMeme": ItemAnnotation.POTENTIAL_MEME,
    "viral": ItemAnnotation.VIRAL,
    "possibleSelfProduction": ItemAnnotation.SELF_PRODUCED,
    "physicalHarm": ItemAnnotation.PHYSICAL_HARM,
    "violenceGore": ItemAnnotation.VIOLENCE,
    "bestiality": ItemAnnotation.ANIMAL,
    "liveStreaming": ItemAnnotation.LIVE,
    "infant": ItemAnnotation.INFANT,
    "generativeAi": ItemAnnotation.GENERATED,
}
RELEVANCE = {"Reported": Relevance.REPORTED, "Supplemental Reported": Relevance.SUPPLEMENTAL}
CLASSIFICATIONS = {label.value: label for label in Classification}
EVENTS = {
    "Login": NetworkEvent.LOGIN,
    "Registration": NetworkEvent.REGISTRATION,
    "Purchase": NetworkEvent.PURCHASE,
    "Upload": NetworkEvent.UPLOAD,
    "Other": NetworkEvent.OTHER,
    "Unknown": NetworkEvent.UNKNOWN,
}
PHONE_KINDS = ("Mobile", "Home", "Business", "Work", "Fax", "Internet", "Recovery")
EMAIL_KINDS = ("Home", "Work", "Business", "Recovery")
ADDRESS_KINDS = ("Home", "Business", "Billing", "Shipping", "Technical")
ACCOUNT_KINDS = ("Billing", "Linked", "Business", "Creator", "Parent/Guardian", "Other")
