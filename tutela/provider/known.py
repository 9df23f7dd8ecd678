"""What a person at the provider knows beside the match. Its names are those of flags, answers and questions.

A name that is said as null is not known; one that is not said at all is asked for.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationError
from pydantic.config import JsonDict

from tutela.exchange.messages import Address, Country, Narrative, Part, Short
from tutela.exchange.words import NetworkEvent, PlaceKind, Service
from tutela.provider.leads import Lead
from tutela.provider.moments import Past


class BadAnswers(ValueError):
    """What was answered cannot be used; the message names each place and its rule, never the value."""


def _email_address(text: str) -> str:
    """Only so much that an answer to another question is noticed."""
    name, at, host = text.rpartition("@")
    if not (name and at and host) or any(each.isspace() for each in text):
        raise ValueError("is no e-mail address")
    return text


def _network_address(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        raise ValueError("is no network address") from None


EmailAddress = Annotated[Short, AfterValidator(_email_address)]
NetworkAddress = Annotated[Short, AfterValidator(_network_address)]
ITEM: JsonDict = {"of": "item"}


def asked(what: str, *, of_item: bool = False) -> Any:
    return Field(default=None, description=what, json_schema_extra=ITEM if of_item else None)


class Known(Part):
    """What is of an item belongs to one file; the rest is said once of a report."""

    service: Service | None = asked("what kind of service it was found on")
    happened_at: Past | Literal["unknown"] | None = asked(
        "when it was uploaded or sent, with its zone; or unknown", of_item=True
    )
    viewed_by: Short | None = asked("who looked at the file; a name of your own for the person is enough", of_item=True)
    viewed_at: Past | None = asked("when that person looked", of_item=True)
    viewed_as: Literal["known_material", "new_material", "nothing"] | None = asked(
        "what it is: known_material (what the list's entry is), new_material, or nothing to report", of_item=True
    )
    account: Short | None = asked("the account's identifier")
    screen_name: Short | None = asked("the account's screen name")
    email: EmailAddress | None = asked("an e-mail address of the person reported")
    phone: Short | None = asked("a phone number of the person reported, with its prefix (+33…)")
    country: Country | None = asked("the country the person reported is in, two letters")
    network_address: NetworkAddress | None = asked("the network address used")
    network_at: Past | None = asked("when that network address was used")
    network_event: NetworkEvent | None = asked("for what it was used")
    network_port: Annotated[int, Field(ge=0, le=65535)] | None = asked("the source port beside it")
    where: Address | None = asked("where on the service: an address, or the name of the place")
    where_kind: PlaceKind | None = asked("what kind of place that is, where it is no address")
    public: bool | None = asked("whether everybody could see it", of_item=True)
    reporter_name: Annotated[Short, Field(max_length=100)] | None = asked("who reports")
    reporter_email: EmailAddress | None = asked("an e-mail address of yours for questions")
    kept_by: Short | None = asked("who keeps the original", of_item=True)
    kept_until: date | None = asked("until which day the original is kept", of_item=True)
    words: Narrative | None = asked("what else matters, in your own words")

    @property
    def suspected(self) -> bool:
        """Is anything known of the person or account reported?"""
        return any((self.account, self.screen_name, self.email, self.phone, self.country, self.network_address))

    def but(self, other: "Known") -> "Known":
        """The same, except for what the other says."""
        return Known.model_construct(
            {*self.model_fields_set, *other.model_fields_set},
            **{name: getattr(self, name) for name in self.model_fields_set} | _said(other),
        )

    def is_said(self, name: str) -> bool:
        return name in self.model_fields_set


def _said(known: Known) -> dict[str, Any]:
    return {name: getattr(known, name) for name in known.model_fields_set}


NAMES = tuple(Known.model_fields)
# Said of one person: never of several leads at once, unless they are one report.
OF_A_PERSON = ("account", "screen_name", "email", "phone", "country", "network_address", "network_at", "network_port")
# What is true of every report a provider makes, so that one answer serves the next.
OF_THE_PROVIDER = frozenset({"service", "reporter_name", "reporter_email", "kept_by", "kept_until"})
OF_AN_ITEM = frozenset(name for name, field in Known.model_fields.items() if field.json_schema_extra == ITEM)


class Answers(Part):
    """`all` is true of every lead; `leads` says more of one, by its name or its SHA-256."""

    all: Known = Known()
    leads: dict[str, Known] = Field(default_factory=dict)

    def of(self, lead: Lead) -> Known:
        return self.all.but(self.of_alone(lead))

    def of_alone(self, lead: Lead) -> Known:
        """What was said of this very lead."""
        said = Known()
        for key in keys_of(lead):
            said = said.but(self.leads[key]) if key in self.leads else said
        return said

    def but(self, other: "Answers") -> "Answers":
        leads = dict(self.leads)
        for key, known in other.leads.items():
            leads[key] = leads[key].but(known) if key in leads else known
        return Answers.model_construct(all=self.all.but(other.all), leads=leads)

    def check_names(self, leads: Iterable[Lead]) -> None:
        """A misspelt name would leave its answers unused. Raises BadAnswers."""
        known = {key for lead in leads for key in keys_of(lead)}
        if strange := sorted(set(self.leads) - known):
            raise BadAnswers(f"The answers name leads that are not here: {', '.join(strange)}.")


def keys_of(lead: Lead) -> tuple[str, ...]:
    return (lead.name, lead.sha256) if lead.sha256 else (lead.name,)


def read_answers(files: Iterable[Path]) -> Answers:
    """Later files say more, or otherwise. Raises BadAnswers."""
    answers = Answers()
    for file in files:
        try:
            answers = answers.but(Answers.model_validate_json(file.read_bytes()))
        except ValidationError as error:
            raise BadAnswers(f"{file} cannot be used:\n{_rules(error)}") from None
    return answers


def from_flags(said: Mapping[str, str | None]) -> Known:
    """Only what was said. Raises BadAnswers."""
    try:
        return Known.model_validate({name: value for name, value in said.items() if value is not None})
    except ValidationError as error:
        raise BadAnswers(_rules(error)) from None


def one_answer(name: str, text: str) -> Known:
    """What was typed for one name; nothing typed means that it is not known. Raises BadAnswers."""
    return Known.model_construct({name}, **{name: None}) if not text.strip() else from_flags({name: text.strip()})


def choices(name: str) -> tuple[str, ...]:
    """The words a name may be answered with, where they are closed."""
    schema = Known.model_json_schema()
    named = [
        schema["$defs"][part["$ref"].rpartition("/")[2]] if "$ref" in part else part
        for part in schema["properties"][name]["anyOf"]
    ]
    return tuple(word for part in named for word in part.get("enum", ()))


_SAID_BETTER = {
    "extra_forbidden": "is no name that is known here",
    "timezone_aware": "needs its zone: 2026-11-22T08:30:00Z",
    "datetime": "write it as 2026-11-22T08:30:00Z, with its zone",
    "literal_error": "or use one of the words for it",
    "date": "write it as 2027-01-31",
}


def _rules(error: ValidationError) -> str:
    lines = []
    for each in error.errors():
        kind = each["type"]
        said = _SAID_BETTER.get(kind) or _SAID_BETTER.get(kind.partition("_")[0])
        where = [
            str(part) for part in each["loc"] if not str(part).startswith(("literal[", "function-", "constrained"))
        ]
        lines.append(f"  {'.'.join(where) or 'answers'}: {said or each['msg'].removeprefix('Value error, ')}")
    return "\n".join(dict.fromkeys(lines))
