"""What a provider hands to an authority under Article 18 of the Digital Services Act: no format is prescribed.

Facts and hashes, whom it is for and why, as JSON and as a page that a person reads without any program of ours. No
byte of a file is in it, and the page holds no link: nobody opens a reported address by a slip.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from html import escape
from typing import Any, Final

from tutela.exchange.completeness import completeness
from tutela.exchange.messages import Report
from tutela.law.authorities import EUROPOL, authority
from tutela.law.competence import Choice, where_concerned, where_none_is_named, where_outside
from tutela.law.instruments import provision
from tutela.seals.canonical import canonical

KIND: Final = "article-18"
VERSION: Final = 1
NOTE: Final = "A match is a lead, not a verdict: a person decides."
README: Final = """\
What this is
------------
A provider's information under Article 18 of Regulation (EU) 2022/2065 (Digital Services Act).
page.html         the same to read; it loads nothing and links to nothing
suspicion.json    whom this is for and why, when it was made, and what is not known
report.json       what the provider states, with hashes and facts

No file of the report is here. The report says who keeps the originals.

How to verify it without asking anybody
---------------------------------------
tutela dossier verify FILE --key-text KEY
checks the signature of manifest.json (Ed25519 over canonical JSON, RFC 8785) and the SHA-256 of every file.
The key is the provider's own: ask the provider for it by another way than the one by which this bundle came.
"""


def states_named(report: Report) -> dict[str, str]:
    """Countries that the report itself states of a person, each with the sentence that says so."""
    found: dict[str, list[str]] = {}
    for party in report.parties:
        stated = [("a stated place", party.location.country)] if party.location else []
        postal = [("a postal address", each.country) for each in party.person.addresses] if party.person else []
        for what, country in stated + postal:
            if country:
                code = "EL" if country == "GR" else country
                found.setdefault(code, []).append(f"{party.role}: {country} by {what}")
    return {country: "; ".join(dict.fromkeys(said)) for country, said in sorted(found.items())}


def recipients(named: dict[str, str], *, establishment: str, representative: str, on: date) -> list[Choice]:
    """The states of the Union that are concerned; without one, that of the provider, or Europol; never empty."""
    inside = [where_concerned(country, said, "stated", on=on) for country, said in named.items() if authority(country)]
    if inside:
        return inside
    if named:
        return [where_outside(f"only states outside the Union are named: {'; '.join(named.values())}", on=on)]
    return where_none_is_named(establishment=establishment, representative=representative, on=on)


def bundle_files(report: Report, told: Sequence[Choice], *, made_at: datetime) -> dict[str, bytes]:
    """To be signed as one bundle of kind `KIND`. The same facts give the same bytes."""
    said = _suspicion(report, told, made_at)
    message = report.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    return {
        "README.txt": README.encode(),
        "report.json": canonical(message),
        "suspicion.json": canonical(said),
        "page.html": _page(message, said).encode(),
    }


def about(report: Report, told: Sequence[Choice]) -> dict[str, Any]:
    return {"version": VERSION, "reference": report.reference or "", "for": [each.authority for each in told]}


def _suspicion(report: Report, told: Sequence[Choice], made_at: datetime) -> dict[str, Any]:
    return {
        "version": VERSION,
        "reference": report.reference,
        "made_at": made_at.isoformat(),
        "suspected": report.kind,
        "for": [asdict(each) | _named(each) for each in told],
        "files": "none: hashes and facts only; the originals are with whom the report names",
        "note": NOTE,
        "missing": completeness(report).as_json()["missing"],
    }


def _named(choice: Choice) -> dict[str, str]:
    """What a public source says of the authority; where none does, that is said in its place."""
    body = EUROPOL if choice.country == EUROPOL.country else authority(choice.country)
    if body is None:
        return {}
    known = {
        "state": body.country_name,
        "name": body.name if body.is_named else "",
        "source_url": body.source.source_url,
    }
    return known if body.is_named else known | {"name_is_missing": body.source.note}


_STYLE: Final = (
    "body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;border-top:1px solid #999;"
    "padding:.3rem .6rem .3rem 0;overflow-wrap:anywhere}th{width:16rem;font-weight:600}"
)


def _page(message: dict[str, Any], said: dict[str, Any]) -> str:
    told = "".join(
        f"<li><strong>{escape(each['name'] or each['state'])}</strong> ({escape(each['country'])}): "
        f"{escape(each['reason'])}.{escape(_ground(each['ground']))}{_unnamed(each)}</li>"
        for each in said["for"]
    )
    lacks = [f"{each['what']}; without it {each['consequence']}" for each in said["missing"]]
    missing = "".join(f"<li>{escape(each)}</li>" for each in lacks or ["nothing that was asked for is missing"])
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        f"<title>Article 18 information {escape(said['reference'] or '')}</title><style>{_STYLE}</style></head><body>"
        f"<h1>Information on a suspected offence</h1>"
        f"<p>Article 18 of Regulation (EU) 2022/2065. Made at {escape(said['made_at'])}. {escape(said['note'])}</p>"
        f"<h2>For whom, and why</h2><ul>{told}</ul>"
        f"<h2>What is stated</h2>{_tables(message)}"
        f"<h2>What is not known</h2><ul>{missing}</ul>"
        f"<p>Files: {escape(said['files'])}.</p></body></html>\n"
    )


def _ground(provision_id: str) -> str:
    if not provision_id:
        return ""
    found = provision(provision_id)
    return f" {found.reference}: {found.duty}"


def _unnamed(each: dict[str, Any]) -> str:
    return f" {escape(each['name_is_missing'])}" if each.get("name_is_missing") else ""


def _tables(message: dict[str, Any]) -> str:
    """The report without its files, then one table for each file."""
    files = message.get("items", [])
    report = _table({name: value for name, value in message.items() if name != "items"})
    return report + "".join(f"<h3>File {number}</h3>{_table(file)}" for number, file in enumerate(files, 1))


def _table(facts: dict[str, Any]) -> str:
    rows = "".join(f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in _lines(facts, ""))
    return f"<table>{rows}</table>"


def _lines(value: Any, name: str) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        if "value" in value and ("name" in value or "algorithm" in value):
            # A digest, or a fact of a file: its own name says it better than its place.
            return [(str(value.get("name") or value["algorithm"]).replace("_", " "), str(value["value"]))]
        return [line for key, each in value.items() for line in _lines(each, f"{name} {key}".strip().replace("_", " "))]
    if isinstance(value, list):
        numbered = [(f"{name} {number}" if len(value) > 1 else name, each) for number, each in enumerate(value, 1)]
        return [line for place, each in numbered for line in _lines(each, place)]
    return [(name, {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value))]
