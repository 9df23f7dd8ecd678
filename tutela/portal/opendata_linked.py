"""The same tables as linked data: the law by its European Legislation Identifier, in schema.org's words.

The vocabulary is the one the Publications Office proposes for legislation: https://schema.org/Legislation.
"""

from tutela.law.instruments import Instrument, Provision, Status, all_instruments, instrument, provision
from tutela.law.sources import Certainty, Source
from tutela.portal.opendata_rows import Row
from tutela.portal.opendata_sets import Dataset
from tutela.portal.opendata_tables import rows
from tutela.statistics.rules import SMALL_COUNT

Node = dict[str, object]
SCHEMA = "https://schema.org/"
KINDS = {"directive": "Directive", "regulation": "Regulation", "proposal": "Proposal"}
FORCES = {Status.IN_FORCE: "InForce", Status.EXPIRED: "NotInForce"}


def document(dataset: Dataset, origin: str) -> Node:
    """Acts and provisions in schema.org's words; every other table in its own columns, which its page explains."""
    page = f"{origin}/data/{dataset.name}"
    # schema.org has no word for how sure one is of a statement.
    legislation = [SCHEMA, {"certainty": f"{page}#certainty"}]
    if dataset.name == "instruments":
        return {"@context": legislation, "@graph": [_act(each, origin) for each in all_instruments()]}
    if dataset.name == "provisions":
        shown = [provision(str(row["id"])) for row in rows("provisions")]
        return {"@context": legislation, "@graph": [_part(each, origin) for each in shown]}
    if dataset.name == "figures":
        return {
            "@context": [SCHEMA, {"@vocab": f"{page}#"}],
            "@graph": [_figure(each, page) for each in rows("figures")],
        }
    context = {
        "@vocab": f"{page}#",
        "source_url": {"@id": f"{SCHEMA}citation", "@type": "@id"},
        "id": {"@id": f"{SCHEMA}identifier"},
    }
    return {"@context": context, "@graph": [_row(each, page) for each in rows(dataset.name)]}


def catalogue(datasets: tuple[Dataset, ...], origin: str) -> Node:
    """schema.org/DataCatalog with one Dataset for each table and one DataDownload for each form."""
    return {
        "@context": SCHEMA,
        "@type": "DataCatalog",
        "@id": f"{origin}/data",
        "name": "Tutela: open data",
        "dataset": [_dataset(each, origin) for each in datasets],
    }


def _dataset(dataset: Dataset, origin: str) -> Node:
    page = f"{origin}/data/{dataset.name}"
    forms = {"csv": "text/csv", "json": "application/json", "jsonld": "application/ld+json"}
    return {
        "@type": "Dataset",
        "@id": page,
        "name": str(dataset.title),
        "description": str(dataset.sentence),
        "license": f"{origin}/data#licence",
        "isAccessibleForFree": True,
        "variableMeasured": list(dataset.columns),
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": f"{page}.{form}"}
            for form, kind in forms.items()
        ],
    }


def identity(act: Instrument, origin: str) -> str:
    """The ELI where it was verified; our own page where it was not, so that a guess never speaks for the Journal."""
    verified = act.eli and act.source.certainty is Certainty.VERIFIED
    return act.eli if verified else f"{origin}/law/{act.id}"


def _act(act: Instrument, origin: str) -> Node:
    node: Node = {
        "@type": "Legislation",
        "@id": identity(act, origin),
        "name": act.title,
        "alternateName": act.short,
        "legislationIdentifier": act.celex,
        "legislationType": KINDS[act.kind] if act.status in FORCES else KINDS["proposal"],
        "url": act.source.source_url,
        "subjectOf": f"{origin}/law/{act.id}",
        **_read(act.source),
    }
    if act.status in FORCES:
        node["legislationLegalForce"] = SCHEMA + FORCES[act.status]
    if act.adopted:
        node["legislationDate"] = act.adopted.isoformat()
    if act.first or act.last:
        # ISO 8601 intervals, ".." where an end is open.
        node["temporalCoverage"] = "/".join(each.isoformat() if each else ".." for each in (act.first, act.last))
    return node


def _part(part: Provision, origin: str) -> Node:
    anchor = part.id.partition(":")[2]
    return {
        "@type": "Legislation",
        "@id": f"{origin}/law/{part.instrument}#{anchor}",
        "identifier": part.id,
        "name": f"{part.reference}: {part.title}",
        "abstract": part.duty,
        "isPartOf": {"@id": identity(instrument(part.instrument), origin)},
        "isBasedOn": part.source.source_url,
        **_read(part.source),
    }


def _read(source: Source) -> Node:
    return {"sdDatePublished": source.checked_on.isoformat(), "certainty": source.certainty.value}


def _figure(row: Row, page: str) -> Node:
    """schema.org/Observation; of a withheld count only the range is said."""
    node: Node = {
        "@type": "Observation",
        "@id": f"{page}#{row['id']}",
        "identifier": row["id"],
        "name": row["title"],
        "description": row["definition"],
        "unitText": row["unit"],
        "not_counted": row["not_counted"],
        "source": row["source"],
    }
    if row["as_of"]:
        node |= {"observationDate": row["as_of"], "period_to": row["period_to"]}
    if row["period_from"]:
        node["period_from"] = row["period_from"]
    if row["withheld"]:
        return node | {"minValue": 1, "maxValue": SMALL_COUNT}
    return node if row["value"] is None else node | {"value": row["value"]}


def _row(row: Row, page: str) -> Node:
    named: Node = {"@id": f"{page}#{row['id']}"} if "id" in row else {}
    return named | {name: value for name, value in row.items() if value is not None}
