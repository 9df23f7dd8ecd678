"""Files as the registers would give them, people who read them, and a provider with its papers."""

import io
import json
from datetime import date

from tests import cast
from tutela.accounts.policy import Actor, Role
from tutela.compliance import actions
from tutela.compliance.models import Batch, Evidence, Finding, Technology
from tutela.compliance.readiness import Detects
from tutela.compliance.rules import Verdict

TODAY = date(2026, 11, 23)
COUNTRY = "http://publications.europa.eu/resource/authority/country/"
VARS = ["country", "nimCelex", "title", "type", "notified", "oj", "ojNumber", "ojDate", "msRef", "link", "eli"]
HEADER = (
    "Infringement number,Decision date,Decision type,Press release,Memo,Member State,Department,Title,Active,"
    "Non-communication"
)
TITLE = "Conformity with Directive 2011/93/EU"
ARTICLE = "dir-2011-93:art-22"


def policy_officer(country: str = "BE") -> cast.Member:
    """Petra, who reads the registers and finds."""
    return cast.person("Petra", Role.POLICY_OFFICER, cast.organisation("policy_body", country=country))


def engineer() -> cast.Member:
    """Emil, who keeps his provider's papers."""
    return cast.person("Emil", Role.PROVIDER_ENGINEER, cast.organisation("provider", country="IE"))


def binding(number: int = 1, iso3: str = "ROU", **cells: str | None) -> dict[str, object]:
    """One row; a cell that is None is left out."""
    told: dict[str, str | None] = {
        "country": COUNTRY + iso3,
        "nimCelex": f"72011L0093{iso3}_2014{number:05}",
        "title": f"text-{number}",
        "notified": "2014-02-03",
    }
    return {
        name: {"type": "uri" if name == "country" else "literal", "value": value}
        for name, value in (told | cells).items()
        if value is not None
    }


def nim(*bindings: object, columns: list[str] | None = None) -> io.BytesIO:
    found = {"head": {"vars": columns or VARS}, "results": {"bindings": list(bindings)}}
    return io.BytesIO(json.dumps(found).encode())


def decision(**cells: str) -> str:
    told = {
        "number": "INFR(2019)2189",
        "date": "25/07/2019 00:00",
        "type": "Formal notice Art. 258 TFEU",
        "press": "",
        "memo": "",
        "state": "Romania",
        "department": "HOME",
        "title": TITLE,
        "active": "Yes",
        "non_communication": "No",
    } | cells
    return ",".join(told.values())


def export(*rows: str, header: str = HEADER) -> io.BytesIO:
    return io.BytesIO("\n".join((header, *rows)).encode())


def import_nim(*bindings: object, by: Actor) -> Batch:
    return actions.import_measures(nim(*bindings), name="nim.json", source="https://register.example/", by=by)


def import_register(*rows: str, by: Actor) -> Batch:
    return actions.import_decisions(export(*rows), name="register.csv", source="https://register.example/", by=by)


def find(
    verdict: Verdict, *, by: Actor, state: str = "RO", provision: str = ARTICLE, measures: tuple[str, ...] = ()
) -> Finding:
    return actions.record_finding(
        provision=provision,
        state=state,
        verdict=verdict,
        reason="text-1",
        source_url="https://report.example/2026",
        on=date(2026, 3, 1),
        certainty="verified",
        measures=measures,
        by=by,
    )


def technology(by: Actor, **more: object) -> Technology:
    told: dict[str, object] = {
        "name": "Matcher",
        "version": "1.0",
        "detects": frozenset({Detects.KNOWN}),
        "in_use_from": date(2024, 1, 1),
        "used_in_union_since": date(2019, 1, 1),
    }
    return actions.register_technology(by=by, **(told | more))


def evidence(member: cast.Member, condition: str, **more: object) -> Evidence:
    told: dict[str, object] = {
        "what": "text-1",
        "on": date(2026, 1, 20),
        "responsible": member.person,
        "link": "https://provider.example/paper",
    }
    return actions.give_evidence(condition=condition, by=member.actor, **(told | more))
