"""Take over what the registers say: whole or not at all, each problem with its row, column, value and rule."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tutela.accounts.policy import Act, Actor
from tutela.compliance import actions
from tutela.compliance.models import Batch
from tutela.console.access import console_view
from tutela.console.desks import Table, Task, cells, desk

SHOWN = 50


class FileForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("File"))
    source = forms.CharField(label=gettext_lazy("Where you got it"), max_length=500)


class MeasuresForm(FileForm):
    skip_other_acts = forms.BooleanField(
        label=gettext_lazy("Leave out rows whose CELEX number is another directive's"), required=False
    )


def _measures(*, by: Actor, file: UploadedFile, **said: Any) -> str:
    return _taken(actions.import_measures(file, name=str(file.name), by=by, **said))


def _decisions(*, by: Actor, file: UploadedFile, **said: Any) -> str:
    return _taken(actions.import_decisions(file, name=str(file.name), by=by, **said))


def _taken(batch: Batch) -> str:
    said = {"rows": batch.rows, "name": batch.name, "notes": len(batch.notes)}
    return _("Taken over: %(rows)s rows of %(name)s, with %(notes)s notes.") % said


TASKS = (
    Task("measures", gettext_lazy("Import notified measures"), MeasuresForm, _measures, gettext_lazy("Import"),
         gettext_lazy("National implementing measures: SPARQL results in JSON. A new file replaces the earlier one.")),
    Task("decisions", gettext_lazy("Import infringement decisions"), FileForm, _decisions, gettext_lazy("Import"),
         gettext_lazy("The Commission register's export, CSV. A new file replaces the earlier one.")),
)  # fmt: skip


@console_view(Act.COMPLIANCE_IMPORT, methods=("GET", "POST"))
def imports(request: HttpRequest, by: Actor) -> HttpResponse:
    return desk(
        request,
        by,
        title=_("Imports"),
        lead=_("What states notified and what the Commission decided, from its own registers."),
        tables=_tables,
        tasks=TASKS,
    )


def _tables() -> list[Table]:
    rows = [
        cells(
            each.pk,
            each.get_kind_display(),
            each.name,
            each.rows,
            len(each.notes),
            each.source,
            f"{each.imported_at:%Y-%m-%d %H:%M}",
            _("in force") if each.replaced_at is None else _("replaced"),
        )
        for each in Batch.objects.order_by("-pk")[:SHOWN]
    ]
    columns = [
        *(_("Batch"), _("Kind"), _("File"), _("Rows"), _("Notes"), _("Source")),
        *(_("Imported (UTC)"), _("Stands")),
    ]
    return [Table(_("Batches"), columns, rows, _("Nothing was imported yet: the matrix says “not known”."))]
