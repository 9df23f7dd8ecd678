"""A provider's register of technology: each version of a detector, what was assessed and advised, what it got wrong."""

from functools import partial
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tutela.accounts.policy import Act, Actor
from tutela.compliance import actions
from tutela.compliance.models import Measurement, Technology
from tutela.compliance.readiness import Advice, Detects, Measured
from tutela.console import asking
from tutela.console.access import console_view
from tutela.console.desks import Cell, Desk, Done, Table, Task, cells, desk, fact, trail
from tutela.console.words import code_label


class TechnologyForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Technology"), max_length=200)
    version = forms.CharField(label=gettext_lazy("Version"), max_length=100)
    detects = forms.MultipleChoiceField(
        label=gettext_lazy("What it detects"),
        choices=lambda: [(str(each), code_label(each)) for each in Detects],
        widget=forms.CheckboxSelectMultiple,
    )
    in_use_from = asking.Day(label=gettext_lazy("In use from"))
    used_in_union_since = asking.Day(
        label=gettext_lazy("Used in the Union since"),
        help_text=gettext_lazy("By anybody. What came on 2021-08-02 or later is new technology."),
    )


class ChangeForm(forms.Form):
    assessment = forms.CharField(label=gettext_lazy("Impact assessment: reference"), required=False, max_length=500)
    assessed_on = asking.Day(label=gettext_lazy("Impact assessment: day"), required=False)
    consultation = forms.CharField(label=gettext_lazy("Prior consultation: reference"), required=False, max_length=500)
    consulted_on = asking.Day(label=gettext_lazy("Prior consultation: day"), required=False)
    advice = asking.one_of(gettext_lazy("The supervisory authority's advice"), Advice)
    advice_reference = forms.CharField(label=gettext_lazy("Advice: reference"), required=False, max_length=500)
    followed_up = asking.text(gettext_lazy("How the advice was followed"), rows=2, required=False)
    followed_up_on = asking.Day(label=gettext_lazy("Advice followed: day"), required=False)
    in_use_to = asking.Day(label=gettext_lazy("In use until"), required=False)


class MeasurementForm(forms.Form):
    first = asking.Day(label=gettext_lazy("First day"))
    last = asking.Day(label=gettext_lazy("Last day"))
    flagged = asking.number(gettext_lazy("Flagged by itself"))
    reviewed = asking.number(gettext_lazy("Of those, read by a person"))
    not_confirmed = asking.number(gettext_lazy("Of those, not what they were flagged for"))


def _register(*, by: Actor, detects: list[str], **said: Any) -> Done:
    made = actions.register_technology(**said, detects=frozenset(Detects(each) for each in detects), by=by)
    return Done(_("%(technology)s is registered.") % {"technology": made}, _there(made))


def _change(number: int, *, by: Actor, **said: Any) -> Done:
    actions.change_technology(number, by=by, **said)
    return Done(_("The entry is changed."))


def _measured(number: int, *, by: Actor, **said: Any) -> Done:
    actions.add_measurement(number, by=by, **said)
    return Done(_("The measurement is on record, and is never changed."))


@console_view(Act.COMPLIANCE_EVIDENCE, methods=("GET", "POST"))
def technologies(request: HttpRequest, by: Actor) -> HttpResponse:
    about = gettext_lazy("One entry for each version. What it is called and what it detects make another version.")
    title, button = gettext_lazy("Register a technology"), gettext_lazy("Register")
    return desk(request, by, lambda: _list(by), [Task("technology", title, TechnologyForm, _register, button, about)])


def _list(by: Actor) -> Desk:
    rows = [
        cells(Cell(str(each), _there(each)), ", ".join(map(code_label, each.detects)), each.in_use_from, each.in_use_to,
              each.assessed_on or _("none"), each.consulted_on or _("none"), code_label(each.advice),
              each.measurements.count())
        for each in _ours(by)
    ]  # fmt: skip
    columns = [
        *(_("Technology"), _("Detects"), _("In use from"), _("Until"), _("Impact assessment"), _("Prior consultation")),
        *(_("Advice"), _("Measurements")),
    ]
    return Desk(
        title=_("Technology"),
        lead=_("What you detect with, version by version. Nobody else reads it."),
        up=_up(),
        tables=[Table(_("Your register"), columns, rows, _("No technology is registered yet."))],
    )


@console_view(Act.COMPLIANCE_EVIDENCE, methods=("GET", "POST"))
def technology(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    found = _ours(by).get(pk=number)
    tasks = [
        Task("change", gettext_lazy("Say what was assessed, advised and followed"), ChangeForm,
             partial(_change, number), gettext_lazy("Change"), filled={name: getattr(found, name) for name in _SAID}),
        Task("measured", gettext_lazy("Add measured errors"), MeasurementForm, partial(_measured, number),
             gettext_lazy("Add"), gettext_lazy("Numbers over one period, both days included; the rates follow.")),
    ]  # fmt: skip
    return desk(request, by, lambda: _about(found), tasks)


_SAID = tuple(ChangeForm.base_fields)


def _about(found: Technology) -> Desk:
    none = _("none")
    return Desk(
        title=str(found),
        up=[*_up(), Cell(_("Technology"), reverse("console:technologies"))],
        facts=[
            fact(_("Detects"), *map(code_label, found.detects)),
            fact(_("In use"), _("from %(first)s") % {"first": found.in_use_from}, found.in_use_to and
                 _("until %(last)s") % {"last": found.in_use_to}),
            fact(_("Used in the Union since"), found.used_in_union_since),
            fact(_("Impact assessment"), found.assessment or none, found.assessed_on),
            fact(_("Prior consultation"), found.consultation or none, found.consulted_on),
            fact(_("Advice"), code_label(found.advice), found.advice_reference),
            fact(_("Advice followed"), found.followed_up or none, found.followed_up_on),
        ],
        tables=[
            Table(
                _("Measured errors"),
                [_("Period"), _("Flagged"), _("Read by a person"), _("Not confirmed"), _("What follows")],
                [_row(each) for each in found.measurements.order_by("-last", "-first")],
                _("No error was measured yet."),
            )
        ],
        trail=trail(f"technology:{found.pk}"),
    )  # fmt: skip


def _row(each: Measurement) -> list[Cell]:
    counts = {"flagged": each.flagged, "reviewed": each.reviewed, "not_confirmed": each.not_confirmed}
    measured = Measured(first=each.first, last=each.last, **counts)
    return cells(f"{each.first} – {each.last}", *(f"{each:,}" for each in counts.values()), measured.sentence)


def _ours(by: Actor) -> "QuerySet[Technology]":
    return Technology.objects.filter(organisation=by.organisation_id).order_by("name", "version")


def _there(found: Technology) -> str:
    return reverse("console:technology", args=[found.pk])


def _up() -> list[Cell]:
    return [Cell(_("The twenty conditions"), reverse("console:conditions"))]
