"""What the invented reports tell. Every sentence in them is neutral ("text-3"), every address is for documentation."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from tutela.exchange.messages import (
    Device,
    Email,
    Incident,
    Item,
    Keeping,
    Location,
    NetworkCapture,
    Party,
    Person,
    Phone,
    Place,
    Report,
    Reporter,
)
from tutela.exchange.words import (
    Annotation,
    IncidentType,
    ItemAnnotation,
    Kind,
    NetworkEvent,
    PlaceKind,
    Role,
    Service,
)

# ISO codes, as providers write them: the house itself says EL for Greece.
ISO = ("AT", "BE", "BG", "CZ", "DE", "DK", "ES", "FI", "FR", "GR", "HU", "IE", "IT", "LT", "NL", "PL", "PT", "RO", "SE")
CALLING_CODES = {"FR": ("+33", "612345"), "DE": ("+49", "151234"), "ES": ("+34", "612345"), "PL": ("+48", "512345")}
VIRAL_PICTURES = 8
FIRST_VIRAL, FIRST_NEW = 1_000_000, 2_000_000
SENT_TWICE, THROUGH_ISPWS, SAME_ACCOUNT = 0.05, 0.15, 0.12


@dataclass(frozen=True)
class Pictured:
    """Which drawing an item is; `variation` where it is one that came back changed."""

    number: int
    variation: int | None = None


@dataclass(frozen=True)
class Planned:
    """One invented report before it is sent. `countries` are those it names, as the house writes them."""

    reference: str
    story: str
    provider: int
    door: str
    message: Report
    pictures: tuple[Pictured, ...]
    countries: frozenset[str]
    twice: bool = False


@dataclass
class Telling:
    """The narrator's hand: one seed gives one set of reports. `known` is how many drawings are indicators."""

    seed: int
    known: int
    providers: int
    now: datetime
    rng: random.Random = field(init=False)
    _accounts: dict[tuple[int, str], str] = field(default_factory=dict)
    _new: int = FIRST_NEW

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)

    def reports(self, count: int) -> list[Planned]:
        return list(islice(self._endless(), count))

    def _endless(self) -> Iterator[Planned]:
        number = 0
        names, weights = list(STORIES), [share for share, _ in STORIES.values()]
        while True:
            number += 1
            story = self.rng.choices(names, weights)[0]
            yield STORIES[story][1](self, Sketch(self, number, story))

    def known_picture(self) -> int:
        return self.rng.randrange(self.known)

    def new_picture(self) -> int:
        self._new += 1
        return self._new

    def account(self, provider: int, country: str, number: int) -> str:
        """Mostly somebody new; sometimes the person of an earlier report, who then comes under the same case."""
        known = self._accounts.get((provider, country))
        if known and self.rng.random() < SAME_ACCOUNT:
            return known
        return self._accounts.setdefault((provider, country), f"account-{number}") if not known else f"account-{number}"


@dataclass
class Sketch:
    """What every report has, before its story is told."""

    telling: Telling
    number: int
    story: str

    def __post_init__(self) -> None:
        rng = self.telling.rng
        self.provider = rng.randrange(self.telling.providers)
        self.door = "ispws" if rng.random() < THROUGH_ISPWS else "api"
        self.at = self.telling.now - timedelta(minutes=rng.randrange(5, 4000))
        self.country = rng.choice(ISO)
        self.text = f"text-{self.number}"

    def incident(self, kind: IncidentType, *flags: Annotation, escalation: str | None = None) -> Incident:
        return Incident(type=kind, at=self.at, platform="Chat Example", annotations=[*flags], escalation=escalation)

    def suspect(self, country: str | None = None) -> Party:
        rng, number = self.telling.rng, self.number
        account = self.telling.account(self.provider, country or "", number)
        address = f"198.51.100.{rng.randrange(1, 255)}"
        capture = NetworkCapture(
            address=address,
            event=NetworkEvent.UPLOAD,
            at=self.at,
            port=rng.randrange(1024, 65536) if rng.random() < 0.6 else None,
        )
        phones = []
        if country in CALLING_CODES and rng.random() < 0.4:
            code, start = CALLING_CODES[country]
            phones = [Phone(number=f"{start}{number % 1000:03d}", calling_code=code, kind="Mobile")]
        return Party(
            role=Role.SUSPECT,
            account_id=account,
            screen_name=f"name-{account}",
            person=Person(emails=[Email(address=f"{account}@mail{self.provider}.example")], phones=phones),
            captures=[capture],
            devices=[Device(id_type="IDFV", id_value=f"device-{number}")] if rng.random() < 0.2 else [],
            location=_in(country),
        )

    def child(self, role: Role = Role.VICTIM, country: str | None = None) -> Party:
        age = self.telling.rng.randrange(9, 17)
        return Party(role=role, person=Person(age=age), account_id=f"child-{self.number}", location=_in(country))

    def item(self, picture: Pictured, *flags: ItemAnnotation) -> Item:
        rng = self.telling.rng
        keeping = Keeping(holder="Provider Example", until=(self.at + timedelta(days=365)).date())
        return Item(
            name=f"file-{picture.number}.jpg",
            uploaded_at=self.at,
            viewed_by_provider=rng.random() < 0.7,
            publicly_available=rng.random() < 0.3,
            annotations=[*flags],
            # The CyberTipline's wire has no place for who keeps the original.
            original=keeping if self.door == "api" and rng.random() < 0.5 else None,
        )

    def planned(
        self,
        *,
        kind: Kind,
        incident: Incident,
        parties: list[Party],
        pictures: tuple[Pictured, ...] = (),
        flags: tuple[ItemAnnotation, ...] = (),
        place: PlaceKind = PlaceKind.CHAT,
        viral: bool = False,
    ) -> Planned:
        where = Place(kind=place, name="Chat Example" if place is PlaceKind.CHAT else None, additional=self.text)
        if place is PlaceKind.WEB:
            where = Place(kind=place, urls=[f"https://photos.example/p/{self.number}"], additional=self.text)
        is_api = self.door == "api"
        service = Service.INTERPERSONAL if place is PlaceKind.CHAT else Service.HOSTING
        report = Report(
            reference=f"demo-{self.number:06d}" if is_api else None,
            kind=kind,
            # The CyberTipline's wire says neither the sender's number nor the kind of service.
            service=service if is_api else Service.OTHER,
            incident=incident,
            batched_as_viral=viral,
            places=[where],
            reporter=Reporter(person=Person(first_name="Trust", emails=[Email(address="safety@provider.example")])),
            parties=parties,
            items=[self.item(picture, *flags) for picture in pictures],
            additional=[self.text],
        )
        named = {party.location.country for party in parties if party.location and party.location.country}
        return Planned(
            reference=f"demo-{self.number:06d}",
            story=self.story,
            provider=self.provider,
            door=self.door,
            message=report,
            pictures=pictures,
            countries=frozenset("EL" if country == "GR" else country for country in named),
            twice=self.telling.rng.random() < SENT_TWICE,
        )


def _in(country: str | None) -> Location | None:
    return Location(country=country, verified=True) if country else None


def _known(telling: Telling, sketch: Sketch) -> Planned:
    return sketch.planned(
        kind=Kind.KNOWN_MATERIAL,
        incident=sketch.incident(IncidentType.MATERIAL),
        parties=[sketch.suspect(sketch.country)],
        pictures=(Pictured(telling.known_picture()),),
        place=PlaceKind.WEB,
    )


def _near(telling: Telling, sketch: Sketch) -> Planned:
    return sketch.planned(
        kind=Kind.KNOWN_MATERIAL,
        incident=sketch.incident(IncidentType.MATERIAL),
        parties=[sketch.suspect(sketch.country)],
        pictures=(Pictured(telling.known_picture(), variation=sketch.number),),
        place=PlaceKind.WEB,
    )


def _new(telling: Telling, sketch: Sketch) -> Planned:
    pictures = tuple(Pictured(telling.new_picture()) for _ in range(telling.rng.randrange(1, 3)))
    return sketch.planned(
        kind=Kind.NEW_MATERIAL,
        incident=sketch.incident(IncidentType.MATERIAL),
        parties=[sketch.suspect(sketch.country)],
        pictures=pictures,
    )


def _solicitation(telling: Telling, sketch: Sketch) -> Planned:
    urgent = sketch.text if telling.rng.random() < 0.15 else None
    return sketch.planned(
        kind=Kind.SOLICITATION,
        incident=sketch.incident(IncidentType.ENTICEMENT, escalation=urgent),
        parties=[sketch.suspect(sketch.country), sketch.child(country=sketch.country)],
    )


def _sextortion(telling: Telling, sketch: Sketch) -> Planned:
    return sketch.planned(
        kind=Kind.SOLICITATION,
        incident=sketch.incident(IncidentType.ENTICEMENT, Annotation.SEXTORTION),
        parties=[sketch.suspect(sketch.country), sketch.child(country=sketch.country)],
    )


def _several_countries(telling: Telling, sketch: Sketch) -> Planned:
    elsewhere = telling.rng.choice([country for country in ISO if country != sketch.country])
    return sketch.planned(
        kind=Kind.SOLICITATION,
        incident=sketch.incident(IncidentType.ENTICEMENT),
        parties=[sketch.suspect(sketch.country), sketch.child(Role.VICTIM, elsewhere)],
    )


def _no_location(telling: Telling, sketch: Sketch) -> Planned:
    """Documentation addresses resolve to nothing, so nothing names a state."""
    return sketch.planned(
        kind=Kind.NEW_MATERIAL,
        incident=sketch.incident(IncidentType.MATERIAL),
        parties=[sketch.suspect()],
        pictures=(Pictured(telling.new_picture()),),
    )


def _viral(telling: Telling, sketch: Sketch) -> Planned:
    return sketch.planned(
        kind=Kind.NEW_MATERIAL,
        incident=sketch.incident(IncidentType.MATERIAL, Annotation.INFORMATIONAL),
        parties=[sketch.suspect(sketch.country)],
        pictures=(Pictured(FIRST_VIRAL + telling.rng.randrange(VIRAL_PICTURES)),),
        flags=(ItemAnnotation.POTENTIAL_MEME,),
        viral=True,
    )


# name: (share of all reports, how it is told)
STORIES: dict[str, tuple[float, Callable[[Telling, Sketch], Planned]]] = {
    "known": (0.25, _known),
    "near-duplicate": (0.12, _near),
    "new": (0.23, _new),
    "solicitation": (0.12, _solicitation),
    "sextortion": (0.08, _sextortion),
    "several countries": (0.08, _several_countries),
    "no location": (0.07, _no_location),
    "viral": (0.05, _viral),
}


def the_one(telling: Telling) -> Planned:
    """The report that is followed from end to end before the others are sent: two states, one known file, urgent."""
    sketch = Sketch(telling, 0, "followed")
    sketch.provider, sketch.door, sketch.country = 0, "api", "DE"
    told = sketch.planned(
        kind=Kind.SOLICITATION,
        incident=sketch.incident(IncidentType.ENTICEMENT, escalation="text-0: a meeting is arranged"),
        parties=[sketch.suspect("DE"), sketch.child(country="FR")],
        pictures=(Pictured(0),),
    )
    return told
