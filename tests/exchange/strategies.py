"""Messages invented by hypothesis: `reports()` and `items()` are any; `wire_…()` what the CyberTipline can carry."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from tutela.exchange import messages
from tutela.exchange.cybertip import wording
from tutela.exchange.words import (
    Annotation,
    Classification,
    IncidentType,
    ItemAnnotation,
    Kind,
    NetworkEvent,
    PlaceKind,
    Relevance,
    Role,
    Service,
)

LETTERS = "abcxyzABCXYZ0189 -_.,:;!?'\"<>&/@#()[]{}|~äöüßéñçøåžšłőțğΑΩαωЖщяىש中\U0001f512\t"
# One draw a field keeps a whole report quick to invent; the long fields are spelled letter by letter.
TEXTS = ("a", "0", "text-1", "]]>", "<b>&amp;", "é", "Ω ж", "a\tb", "'\"", "łódź", "中", "\U0001f512", "a  b", "x" * 40)


def words(most: int = 40) -> st.SearchStrategy[str]:
    """Text as senders write it: any script, markup characters, no padding, no line breaks."""
    if most > 40:
        return st.text(LETTERS, min_size=1, max_size=most).map(str.strip).filter(bool)
    return st.sampled_from([text for text in TEXTS if len(text) <= most])


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def some(strategy: st.SearchStrategy[Any], most: int = 2) -> st.SearchStrategy[list[Any]]:
    return st.lists(strategy, max_size=most)


def moments() -> st.SearchStrategy[datetime]:
    zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
    start = datetime(1980, 1, 1, tzinfo=UTC)
    instants = st.integers(0, 4_000_000_000_000_000).map(lambda n: start + timedelta(microseconds=n))
    return st.builds(datetime.astimezone, instants, st.just(UTC) | zones)


def addresses_of_machines() -> st.SearchStrategy[str]:
    v4 = st.integers(0, 255).map(lambda n: f"192.0.2.{n}")
    return v4 | st.integers(0, 0xFFFF).map(lambda n: f"2001:db8::{n:x}")


def urls() -> st.SearchStrategy[str]:
    return st.text("abc0189-_/?=&%", max_size=40).map(lambda path: f"https://host.example/{path}")


def countries() -> st.SearchStrategy[str]:
    return st.sampled_from(("FR", "DE", "ES", "PL", "NL", "IT", "US"))


def _maybe_all(model: type[messages.Part], **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.builds(model, **{name: maybe(strategy) for name, strategy in fields.items()})


def _flag() -> st.SearchStrategy[bool | None]:
    return st.none() | st.booleans()


def phones() -> st.SearchStrategy[messages.Phone]:
    return st.builds(
        messages.Phone,
        number=words(20),
        kind=maybe(st.sampled_from(wording.PHONE_KINDS)),
        verified=_flag(),
        verified_at=maybe(moments()),
        calling_code=maybe(st.integers(1, 999).map(lambda n: f"+{n}")),
        extension=maybe(words(6)),
    )


def emails() -> st.SearchStrategy[messages.Email]:
    return st.builds(
        messages.Email,
        address=words(20),
        kind=maybe(st.sampled_from(wording.EMAIL_KINDS)),
        verified=_flag(),
        verified_at=maybe(moments()),
    )


def postal_addresses() -> st.SearchStrategy[messages.PostalAddress]:
    return st.builds(
        messages.PostalAddress,
        kind=maybe(st.sampled_from(wording.ADDRESS_KINDS)),
        lines=some(words(), 3),
        city=maybe(words()),
        region=maybe(words()),
        us_state=maybe(st.sampled_from(("CA", "NY"))),
        postal_code=maybe(words(8)),
        country=maybe(countries()),
    )


def captures() -> st.SearchStrategy[messages.NetworkCapture]:
    return st.builds(
        messages.NetworkCapture,
        address=addresses_of_machines(),
        event=maybe(st.sampled_from(NetworkEvent)),
        at=maybe(moments()),
        possible_proxy=_flag(),
        port=maybe(st.integers(0, 65535)),
    )


def devices() -> st.SearchStrategy[messages.Device]:
    return st.builds(
        messages.Device,
        id_type=words(10),
        id_value=words(20),
        event=maybe(st.sampled_from(NetworkEvent)),
        at=maybe(moments()),
    )


def persons() -> st.SearchStrategy[messages.Person]:
    return st.builds(
        messages.Person,
        first_name=maybe(words()),
        last_name=maybe(words()),
        phones=some(phones()),
        emails=some(emails()),
        addresses=some(postal_addresses(), 1),
        age=maybe(st.integers(0, 150)),
        age_discrepancy=_flag(),
        born_on=maybe(st.dates(date(1900, 1, 1), date(2026, 1, 1))),
    )


def _locations() -> st.SearchStrategy[messages.Location]:
    return _maybe_all(
        messages.Location, city=words(), region=words(), country=countries(), verified=st.booleans(), at=moments()
    )


def _disablings() -> st.SearchStrategy[messages.Disabling]:
    return st.builds(
        messages.Disabling,
        disabled=st.booleans(),
        at=maybe(moments()),
        user_notified=_flag(),
        user_notified_at=maybe(moments()),
        enabled_again_at=maybe(moments()),
    )


def _accounts() -> st.SearchStrategy[messages.AssociatedAccount]:
    return st.builds(
        messages.AssociatedAccount,
        account_id=words(),
        kind=maybe(st.sampled_from(wording.ACCOUNT_KINDS)),
        third_party=_flag(),
        service=maybe(words()),
        screen_name=maybe(words()),
        additional=maybe(words()),
    )


def parties(role: Role) -> st.SearchStrategy[messages.Party]:
    return st.builds(
        messages.Party,
        role=st.just(role),
        person=maybe(persons()),
        account_id=maybe(words()),
        service=maybe(words()),
        compromised=_flag(),
        screen_name=maybe(words()),
        display_names=some(words()),
        profile_urls=some(urls()),
        biography=maybe(words(200)),
        captures=some(captures()),
        devices=some(devices()),
        third_party=_flag(),
        prior_reports=some(words(12)),
        group_id=maybe(words()),
        disabled_temporarily=maybe(_disablings()),
        disabled_permanently=maybe(_disablings()),
        location=maybe(_locations()),
        all_emails_reported=_flag(),
        associated_accounts=some(_accounts(), 1),
        vehicle=maybe(words()),
        school_name=maybe(words()) if role is Role.VICTIM else st.none(),
        additional=maybe(words(200)),
    )


def places() -> st.SearchStrategy[messages.Place]:
    def of(kind: PlaceKind, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[messages.Place]:
        return st.builds(messages.Place, kind=st.just(kind), additional=maybe(words(100)), **fields)

    name, content = maybe(words()), maybe(words(200))
    # Millionths of a degree, about 11 cm: no position is known better.
    degrees = st.integers(-90_000_000, 90_000_000).map(lambda millionths: millionths / 1_000_000)
    return st.one_of(
        of(PlaceKind.WEB, urls=some(urls()), third_party_hosted=_flag()),
        of(PlaceKind.EMAIL, emails=some(emails()), content=content),
        of(PlaceKind.NEWSGROUP, name=name, emails=some(emails()), content=content),
        of(PlaceKind.CHAT, name=name, room=name, content=content),
        of(PlaceKind.GAMING, name=name, console=name, content=content),
        of(PlaceKind.PHONE, phone=maybe(phones()), latitude=maybe(degrees), longitude=maybe(degrees)),
        of(PlaceKind.OFFLINE, name=name, addresses=some(postal_addresses())),
        of(PlaceKind.PEER_TO_PEER, name=name, captures=some(captures()), file_names=maybe(words())),
    )


def incidents() -> st.SearchStrategy[messages.Incident]:
    return st.builds(
        messages.Incident,
        type=st.sampled_from(IncidentType),
        at=moments(),
        at_description=maybe(words(100)),
        platform=maybe(words()),
        escalation=maybe(words(200)),
        annotations=st.lists(st.sampled_from(Annotation), unique=True, max_size=3),
    )


def reporters() -> st.SearchStrategy[messages.Reporter]:
    return st.builds(
        messages.Reporter,
        person=persons(),
        contact=maybe(persons()),
        company=maybe(words()),
        terms_of_service=maybe(words(200)),
        legal_url=maybe(urls()),
    )


def law_enforcement() -> st.SearchStrategy[messages.LawEnforcement]:
    return st.builds(
        messages.LawEnforcement,
        agency=maybe(words()),
        case_number=maybe(words()),
        country=maybe(countries()),
        officer=maybe(persons()),
        already_reported=_flag(),
        domestic_process=_flag(),
        international_process=_flag(),
    )


def digests() -> st.SearchStrategy[messages.Digest]:
    def of(algorithm: str, nibbles: int) -> st.SearchStrategy[messages.Digest]:
        values = st.text("0123456789abcdef", min_size=nibbles, max_size=nibbles)
        return st.builds(messages.Digest, algorithm=st.just(algorithm), value=values | values.map(str.upper))

    return st.one_of(of("MD5", 32), of("SHA1", 40), of("SHA256", 64), of("PDQ", 64))


@st.composite
def wire_items(draw: st.DrawFn) -> messages.Item:
    """What a `fileDetails` can carry."""
    relevance = draw(maybe(st.sampled_from(Relevance)))
    flags = draw(st.lists(st.sampled_from(ItemAnnotation), unique=True, max_size=4))
    classification = draw(maybe(st.sampled_from(Classification)))
    if relevance is Relevance.SUPPLEMENTAL:
        flags, classification = [flag for flag in flags if flag is not ItemAnnotation.POTENTIAL_MEME], None
    pairs = st.builds(messages.Property, name=words(20), value=words(), kind=maybe(st.sampled_from(("EXIF", "HASH"))))
    return messages.Item(
        name=draw(maybe(words())),
        digests=draw(st.lists(digests(), min_size=1, max_size=4)),
        pdq_quality=draw(maybe(st.integers(0, 100))),
        url=draw(maybe(urls())),
        uploaded_at=draw(maybe(moments())),
        viewed_by_provider=draw(_flag()),
        exif_viewed_by_provider=draw(_flag()),
        publicly_available=draw(_flag()),
        relevance=relevance,
        annotations=flags,
        classification=classification,
        capture=draw(maybe(captures())),
        devices=draw(some(devices())),
        properties=draw(some(pairs)),
        additional=draw(some(words(200))),
    )


def items() -> st.SearchStrategy[messages.Item]:
    keepings = st.builds(
        messages.Keeping, holder=words(), location=maybe(urls()), until=maybe(st.dates(date(2026, 1, 1)))
    )
    return st.builds(
        lambda item, reference, keeping: item.model_copy(update={"reference": reference, "original": keeping}),
        wire_items(),
        maybe(words(20)),
        maybe(keepings),
    )


@st.composite
def wire_reports(draw: st.DrawFn) -> messages.Report:
    """What a `report` can carry, with the kind that its incident says."""
    from tutela.exchange.cybertip import kind_of

    incident = draw(incidents())
    return messages.Report(
        kind=kind_of(incident),
        incident=incident,
        batched_as_viral=draw(st.booleans()),
        places=draw(some(places(), 3)),
        law_enforcement=draw(maybe(law_enforcement())),
        reporter=draw(reporters()),
        parties=[
            *draw(some(parties(Role.SUSPECT), 1)),
            *draw(some(parties(Role.RECIPIENT), 1)),
            *draw(some(parties(Role.VICTIM), 2)),
        ],
        additional=draw(some(words(300), 1)),
    )


@st.composite
def reports(draw: st.DrawFn) -> messages.Report:
    """Any report our own wire accepts, items and all."""
    report = draw(wire_reports())
    return report.model_copy(
        update={
            "reference": draw(maybe(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,20}", fullmatch=True))),
            "kind": draw(st.sampled_from(Kind)),
            "service": draw(st.sampled_from(Service)),
            "end_to_end_encrypted": draw(st.booleans()),
            "reporter": draw(maybe(st.just(report.reporter))),
            "items": draw(some(items(), 3)),
            "additional": draw(some(words(200), 3)),
        }
    )
