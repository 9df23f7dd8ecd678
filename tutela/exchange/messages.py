"""A report as it is said on the wire. The API accepts it, the client sends it, every foreign protocol maps to it.

Lengths are those of the CyberTipline wire, so that nothing a provider can say there is lost here.
Unknown keys are refused with their names; bytes of a file have no field.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from tutela.exchange.words import (
    Annotation,
    Classification,
    IncidentType,
    ItemAnnotation,
    Kind,
    NetworkEvent,
    OutcomeCode,
    PlaceKind,
    Relevance,
    Role,
    Service,
)

Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=256)]
Long = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=3000)]
# Where the CyberTipline documentation gives no length: chat excerpts and terms of service outgrow 3,000 characters.
Narrative = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
FileName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2056)]
Address = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2083)]
Reference = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Algorithm = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9_+.-]{1,64}$")]
DigestText = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9+/=_-]{1,512}$")]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Phone(Part):
    number: Short
    kind: Short | None = None
    verified: bool | None = None
    verified_at: AwareDatetime | None = None
    calling_code: Annotated[str, StringConstraints(pattern=r"^\+[0-9]{1,3}$")] | None = None
    extension: Short | None = None


class Email(Part):
    address: Short
    kind: Short | None = None
    verified: bool | None = None
    verified_at: AwareDatetime | None = None


class PostalAddress(Part):
    kind: Short | None = None
    lines: list[Short] = Field(default_factory=list, max_length=8)
    city: Short | None = None
    region: Short | None = None
    us_state: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None
    postal_code: Short | None = None
    country: Country | None = None


class Location(Part):
    city: Short | None = None
    region: Short | None = None
    country: Country | None = None
    verified: bool | None = None
    at: AwareDatetime | None = None


class NetworkCapture(Part):
    address: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=45)]
    event: NetworkEvent | None = None
    at: AwareDatetime | None = None
    possible_proxy: bool | None = None
    port: Annotated[int, Field(ge=0, le=65535)] | None = None


class Device(Part):
    id_type: Short
    id_value: Short
    event: NetworkEvent | None = None
    at: AwareDatetime | None = None


class Person(Part):
    first_name: Annotated[str, StringConstraints(max_length=100)] | None = None
    last_name: Annotated[str, StringConstraints(max_length=100)] | None = None
    phones: list[Phone] = Field(default_factory=list, max_length=50)
    emails: list[Email] = Field(default_factory=list, max_length=50)
    addresses: list[PostalAddress] = Field(default_factory=list, max_length=50)
    age: Annotated[int, Field(ge=0, le=150)] | None = None
    age_discrepancy: bool | None = None
    born_on: date | None = None


class Disabling(Part):
    """Whether the provider shut the account, and whether its owner knows: a warned suspect destroys evidence."""

    disabled: bool
    at: AwareDatetime | None = None
    user_notified: bool | None = None
    user_notified_at: AwareDatetime | None = None
    enabled_again_at: AwareDatetime | None = None


class AssociatedAccount(Part):
    account_id: Short
    kind: Short | None = None
    third_party: bool | None = None
    service: Short | None = None
    screen_name: Short | None = None
    additional: Narrative | None = None


class Party(Part):
    """A person or account in a report, always in one role."""

    role: Role
    person: Person | None = None
    account_id: Short | None = None
    service: Short | None = None
    compromised: bool | None = None
    screen_name: Short | None = None
    display_names: list[Short] = Field(default_factory=list, max_length=50)
    profile_urls: list[Address] = Field(default_factory=list, max_length=50)
    biography: Narrative | None = None
    captures: list[NetworkCapture] = Field(default_factory=list, max_length=1000)
    devices: list[Device] = Field(default_factory=list, max_length=200)
    third_party: bool | None = None
    prior_reports: list[Short] = Field(default_factory=list, max_length=200)
    group_id: Short | None = None
    disabled_temporarily: Disabling | None = None
    disabled_permanently: Disabling | None = None
    location: Location | None = None
    all_emails_reported: bool | None = None
    associated_accounts: list[AssociatedAccount] = Field(default_factory=list, max_length=100)
    vehicle: Long | None = None
    school_name: Short | None = None
    additional: Narrative | None = None


class Digest(Part):
    algorithm: Algorithm
    value: DigestText


class Property(Part):
    name: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    value: Narrative
    kind: Literal["EXIF", "HASH"] | None = None


class Keeping(Part):
    """Who holds the original, where, and until when: the server keeps no bytes."""

    holder: Short
    location: Address | None = None
    until: date | None = None


class Item(Part):
    """One file or address in a report: hashes and facts, never its bytes."""

    reference: Short | None = None
    name: FileName | None = None
    digests: list[Digest] = Field(default_factory=list, max_length=32)
    pdq_quality: Annotated[int, Field(ge=0, le=100)] | None = None
    url: Address | None = None
    uploaded_at: AwareDatetime | None = None
    viewed_by_provider: bool | None = None
    exif_viewed_by_provider: bool | None = None
    publicly_available: bool | None = None
    relevance: Relevance | None = None
    annotations: list[ItemAnnotation] = Field(default_factory=list, max_length=10)
    classification: Classification | None = None
    capture: NetworkCapture | None = None
    devices: list[Device] = Field(default_factory=list, max_length=50)
    properties: list[Property] = Field(default_factory=list, max_length=200)
    additional: list[Narrative] = Field(default_factory=list, max_length=20)
    original: Keeping | None = None

    @model_validator(mode="after")
    def _supplemental_carries_no_label(self) -> "Item":
        if self.relevance is Relevance.SUPPLEMENTAL and (
            self.classification or ItemAnnotation.POTENTIAL_MEME in self.annotations
        ):
            raise ValueError("a supplemental item carries neither a classification nor potential_meme")
        return self


class Incident(Part):
    type: IncidentType
    at: AwareDatetime
    at_description: Long | None = None
    platform: Short | None = None
    escalation: Long | None = None
    annotations: list[Annotation] = Field(default_factory=list, max_length=6)


class Place(Part):
    """Where on the internet, or off it, the incident happened."""

    kind: PlaceKind
    urls: list[Address] = Field(default_factory=list, max_length=200)
    third_party_hosted: bool | None = None
    emails: list[Email] = Field(default_factory=list, max_length=50)
    name: Short | None = None
    room: Short | None = None
    console: Short | None = None
    phone: Phone | None = None
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    addresses: list[PostalAddress] = Field(default_factory=list, max_length=20)
    captures: list[NetworkCapture] = Field(default_factory=list, max_length=1000)
    file_names: Narrative | None = None
    content: Narrative | None = None
    additional: Narrative | None = None


class LawEnforcement(Part):
    """The authority the provider has already dealt with."""

    agency: Annotated[str, StringConstraints(max_length=255)] | None = None
    case_number: Annotated[str, StringConstraints(max_length=100)] | None = None
    country: Country | None = None
    officer: Person | None = None
    already_reported: bool | None = None
    domestic_process: bool | None = None
    international_process: bool | None = None


class Reporter(Part):
    person: Person
    contact: Person | None = None
    company: Narrative | None = None
    terms_of_service: Narrative | None = None
    legal_url: Address | None = None


class Report(Part):
    """A provider's, hotline's or person's report of suspected child sexual abuse."""

    reference: Reference | None = Field(
        default=None, description="The sender's own number for this report; the same one never names two reports."
    )
    kind: Kind
    service: Service = Service.OTHER
    end_to_end_encrypted: bool = False
    incident: Incident
    batched_as_viral: bool = False
    places: list[Place] = Field(default_factory=list, max_length=50)
    law_enforcement: LawEnforcement | None = None
    reporter: Reporter | None = None
    parties: list[Party] = Field(default_factory=list, max_length=100)
    items: list[Item] = Field(default_factory=list, max_length=500)
    additional: list[Narrative] = Field(default_factory=list, max_length=20)


class Outcome(Part):
    """An authority's answer to a referral, in standard codes."""

    code: OutcomeCode
    reason: Long | None = None
    national_reference: Short | None = None
    children_identified: Annotated[int, Field(ge=0, le=10_000)] | None = None
