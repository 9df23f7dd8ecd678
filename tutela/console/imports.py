"""Take over what the registers say: whole or not at all, each problem with its row, column, value and rule."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler, StopUpload
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from tutela.accounts.policy import Act, Actor
from tutela.compliance import actions, nim, register
from tutela.compliance.models import Batch
from tutela.console.access import console_view
from tutela.console.desks import Cell, Desk, Done, Table, Task, cells, counted, desk, fact, source, trail

SHOWN = 200
# Around the largest file stand the other fields of its form.
LARGEST_BODY = max(nim.LIMIT_BYTES, register.LIMIT_BYTES) + 2**20


class OneRegister(MemoryFileUploadHandler):
    """A register's file is larger than what other pages take, and stays in memory all the same.

    A body that no register fills is not read to its end, which takes minutes; the form then says how large a file is.
    """

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: bytes, encoding: str | None = None
    ) -> None:
        self.activated = content_length <= LARGEST_BODY

    def new_file(self, *args: Any, **named: Any) -> None:
        if not self.activated:
            raise StopUpload(connection_reset=True)
        super().new_file(*args, **named)


def _file(limit_bytes: int, what: Any) -> forms.FileField:
    missing = format_lazy(
        gettext_lazy("Choose a file of at most {limit} MiB; nothing was read."), limit=limit_bytes // 2**20
    )
    return forms.FileField(label=gettext_lazy("File"), help_text=what, error_messages={"required": missing})


class SourceForm(forms.Form):
    source = forms.CharField(
        label=gettext_lazy("Where you got it"),
        help_text=gettext_lazy("An address, or the name of the register and the day."),
        max_length=500,
    )


class MeasuresForm(SourceForm):
    skip_other_acts = forms.BooleanField(
        label=gettext_lazy("Leave out rows whose CELEX number is another directive's"), required=False
    )
    file = _file(nim.LIMIT_BYTES, gettext_lazy("SPARQL results in JSON (UTF-8)."))


class DecisionsForm(SourceForm):
    file = _file(register.LIMIT_BYTES, gettext_lazy("The register's export in CSV (UTF-8)."))


def _taken(take: Callable[..., Batch], *, by: Actor, file: UploadedFile, **said: Any) -> Done:
    before = set(Batch.objects.in_force().values_list("pk", flat=True))
    batch = take(file, name=str(file.name), by=by, **said)
    there = reverse("console:batch", args=[batch.pk])
    if batch.pk in before:
        return Done(_("This very file is in force already; nothing was changed."), there)
    told = {"rows": batch.rows, "name": batch.name, "notes": len(batch.notes)}
    return Done(_("Taken over: %(rows)s rows of %(name)s, with %(notes)s notes.") % told, there)


def _measures(**said: Any) -> Done:
    return _taken(actions.import_measures, **said)


def _decisions(**said: Any) -> Done:
    return _taken(actions.import_decisions, **said)


_REPLACES = gettext_lazy("A file of this kind that is in force is replaced by it, and nothing else.")
TASKS = (
    Task("measures", gettext_lazy("Import notified measures"), MeasuresForm, _measures, gettext_lazy("Import"),
         _REPLACES),
    Task("decisions", gettext_lazy("Import infringement decisions"), DecisionsForm, _decisions,
         gettext_lazy("Import"), _REPLACES),
)  # fmt: skip


# The form is read only after the gate, with room for its file; `csrf_protect` then asks for the token.
@csrf_exempt
@console_view(Act.COMPLIANCE_IMPORT, methods=("GET", "POST"))
def imports(request: HttpRequest, by: Actor) -> HttpResponse:
    request.upload_handlers = [OneRegister(request)]
    return _imports(request, by)


@csrf_protect
def _imports(request: HttpRequest, by: Actor) -> HttpResponse:
    return desk(request, by, _list, TASKS)


def _list() -> Desk:
    total, rows = Batch.objects.count(), Batch.objects.order_by("-pk")[:SHOWN]
    return Desk(
        title=_("Imports"),
        lead=_("What states notified and what the Commission decided, from its own registers: whole or not at all."),
        tables=[
            Table(
                counted(_("Batches, the newest first"), len(rows), total),
                [_("Batch"), _("Kind"), _("File"), _("Rows"), _("Notes"), _("Imported (UTC)"), _("Stands")],
                [
                    cells(_batch(each), each.get_kind_display(), each.name, each.rows, len(each.notes),
                          f"{each.imported_at:%Y-%m-%d %H:%M}", _stands(each))
                    for each in rows
                ],
                _("Nothing was imported yet: the matrix says “not known here”."),
            )
        ],
    )  # fmt: skip


@console_view(Act.COMPLIANCE_IMPORT)
def batch(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    found = Batch.objects.get(pk=number)
    return desk(request, by, lambda: _about(found))


def _about(batch: Batch) -> Desk:
    rows = batch.measures if batch.kind == Batch.Kind.NIM else batch.decisions
    by_state = rows.values_list("state").annotate(Count("pk")).order_by("state")
    by_batch = Batch.objects.filter(replaces=batch).first()
    replaced = [fact(_("Replaced by"), _batch(by_batch))] if by_batch else []
    return Desk(
        title=_("Batch %(number)s") % {"number": batch.pk},
        up=[Cell(_("Imports"), reverse("console:imports"))],
        facts=[
            fact(_("Kind"), batch.get_kind_display()),
            fact(_("File"), batch.name),
            fact("SHA-256", bytes(batch.sha256).hex()),
            fact(_("Source"), source(batch.source)),
            fact(_("Rows"), batch.rows),
            fact(_("Imported (UTC)"), f"{batch.imported_at:%Y-%m-%d %H:%M}"),
            fact(_("Stands"), _stands(batch)),
            fact(_("Replaced"), _batch(batch.replaces) if batch.replaces else _("nothing")),
            *replaced,
        ],
        tables=[
            Table(
                counted(_("Read otherwise than written"), min(len(batch.notes), SHOWN), len(batch.notes)),
                [_("Row"), _("Column"), _("Value"), _("Rule")],
                [cells(note["row"], note["column"], note["value"], note["rule"]) for note in batch.notes[:SHOWN]],
                _("Every row was read as it stands."),
            ),
            Table(_("Rows by state"), [_("State"), _("Rows")], [cells(*each) for each in by_state]),
        ],
        trail=trail(f"batch:{batch.pk}"),
    )


def _batch(batch: Batch) -> Cell:
    return Cell(batch.pk, reverse("console:batch", args=[batch.pk]))


def _stands(batch: Batch) -> str:
    return _("in force") if batch.replaced_at is None else _("replaced")
