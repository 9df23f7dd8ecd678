"""The rows of the tables that are given away. What nobody has checked is not among them."""

from collections.abc import Iterator

from tutela.law import authorities, bases, forms, helplines, instruments, procedures, strategy, timeline
from tutela.law.sources import Source
from tutela.portal.lines import is_printed
from tutela.portal.timeline import kind_of

# A cell is what JSON can say; a list in CSV is written with spaces between its words.
Cell = str | int | bool | list[str] | list[int] | None
Row = dict[str, Cell]


def source_columns(source: Source) -> Row:
    return {
        "source_url": source.source_url,
        "checked_on": source.checked_on.isoformat(),
        "certainty": source.certainty.value,
        "note": source.note or None,
    }


def _text(value: object) -> str | None:
    return None if value is None or value == "" else str(value)


def acts() -> Iterator[Row]:
    for each in instruments.all_instruments():
        yield {
            "id": each.id,
            "short": each.short,
            "title": each.title,
            "kind": each.kind,
            "status": each.status.value,
            "celex": each.celex,
            "eli": _text(each.eli),
            "adopted": _text(each.adopted),
            "first": _text(each.first),
            "last": _text(each.last),
            "profile": _text(each.profile),
            "not_bound": sorted(each.not_bound),
            **source_columns(each.source),
        }


def duties() -> Iterator[Row]:
    for act in instruments.all_instruments():
        for each in instruments.provisions(act.id):
            yield {
                "id": each.id,
                "instrument": each.instrument,
                "reference": each.reference,
                "title": each.title,
                "theme": each.theme,
                "actor": each.actor.value,
                "duty": each.duty,
                "optional": each.optional,
                "condition": _text(each.condition),
                **source_columns(each.source),
            }


def intervals() -> Iterator[Row]:
    for each in bases.bases():
        if each.source.enabled:
            yield {
                "id": each.id,
                "name": each.name,
                "provision": each.provision,
                "services": sorted(each.services),
                "purposes": sorted(each.purposes),
                "first": _text(each.interval.first),
                "last": _text(each.interval.last),
                "sentence": each.sentence,
                **source_columns(each.source),
            }


def happened() -> Iterator[Row]:
    for each in timeline.timeline():
        yield {
            "id": each.id,
            "on": str(each.on),
            "text": each.text,
            "kind": kind_of(each).value,
            "initiatives": list(each.initiatives),
            "celex": _text(each.celex),
            "eli": _text(each.eli),
            **source_columns(each.source),
        }


def steps() -> Iterator[Row]:
    for initiative in strategy.initiatives():
        for each in initiative.steps:
            yield {
                "initiative": initiative.number,
                "on": str(each.on),
                "text": each.text,
                **source_columns(each.source),
            }


def dues() -> Iterator[Row]:
    for initiative in strategy.initiatives():
        for each in initiative.dues:
            if each.source.enabled:
                yield {
                    "initiative": initiative.number,
                    "due": each.on.isoformat(),
                    "what": each.what,
                    "done_on": _text(each.done_on),
                    "sentence": each.sentence,
                    **source_columns(each.source),
                }


def bodies() -> Iterator[Row]:
    for each in authorities.all_authorities():
        if each.is_named:
            yield {
                "state": each.country,
                "state_name": each.country_name,
                "name": each.name,
                "contact_page": _text(each.contact_page),
                **source_columns(each.source),
            }


def numbers() -> Iterator[Row]:
    for state in ("EU", *authorities.MEMBER_STATES):
        for each in helplines.helplines(state):
            if is_printed(each):
                yield {
                    "state": each.country,
                    "kind": each.kind.value,
                    "operator": each.operator,
                    "number": _text(each.number),
                    "url": _text(each.url),
                    **source_columns(each.source),
                }


def procedure_steps() -> Iterator[Row]:
    for procedure in procedures.procedures():
        for each in procedure.events:
            yield {
                "id": each.id,
                "procedure": procedure.id,
                "state": procedure.state,
                "instrument": procedure.instrument,
                "kind": procedure.kind.value,
                "case_number": _text(procedure.case_number),
                "step": each.step.value,
                "on": each.on.isoformat(),
                **source_columns(each.source),
            }


def form_fields() -> Iterator[Row]:
    form = forms.standard_form()
    for category in form.categories:
        for each in category.fields:
            yield {
                "code": each.code,
                "category": category.number,
                "category_name": category.name,
                "text": each.text,
                "optional": each.optional,
                **source_columns(form.source),
            }
