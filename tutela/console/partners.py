"""Partners: with whom what is exchanged, on which legal ground, and how sure we are of it."""

from functools import partial
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tutela.accounts.policy import Act, Actor
from tutela.console import asking
from tutela.console.access import console_view
from tutela.console.desks import Cell, Desk, Done, Table, Task, cells, desk, fact, source, trail
from tutela.console.words import code_label
from tutela.cooperation import actions
from tutela.cooperation.models import Partner
from tutela.cooperation.partners import shipped
from tutela.cooperation.rules import PartnerKind


class PartnerForm(forms.Form):
    kind = asking.one_of(gettext_lazy("Kind"), PartnerKind)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    country = forms.CharField(
        label=gettext_lazy("Country"),
        help_text=gettext_lazy("A code of two capital letters; empty for the whole world."),
        max_length=2,
        required=False,
    )
    url = asking.address(gettext_lazy("Its own page (address)"), required=False)
    exchanged = asking.text(gettext_lazy("What is exchanged"))
    ground = forms.CharField(
        label=gettext_lazy("On which ground"),
        help_text=gettext_lazy("A provision in the law's data, such as reg-2016-794:art-26b."),
        max_length=100,
    )
    source_url = asking.address(gettext_lazy("Source (address)"))
    checked_on = asking.Day(label=gettext_lazy("Checked on"))
    certainty = asking.how_sure()


class CheckForm(forms.Form):
    source_url = asking.address(gettext_lazy("Where you looked (address)"))
    certainty = asking.how_sure()


def _add(*, by: Actor, **said: Any) -> Done:
    made = actions.add_partner(**said, by=by)
    return Done(_("The partner is on record; the public reads it once it is verified."), _there(made))


def _check(number: int, *, by: Actor, **said: Any) -> Done:
    actions.check_partner(number, **said, by=by)
    return Done(_("Checked today."))


@console_view(Act.COOPERATION_RECORD, methods=("GET", "POST"))
def partners(request: HttpRequest, by: Actor) -> HttpResponse:
    title, button = gettext_lazy("Add a partner"), gettext_lazy("Add")
    return desk(request, by, lambda: _list(by), [Task("partner", title, PartnerForm, _add, button)])


def _list(by: Actor) -> Desk:
    noted = [
        cells(
            Cell(each.name, _there(each) if each.recorded_by_id == by.organisation_id else ""),
            code_label(each.kind),
            each.country,
            each.exchanged,
            each.ground,
            each.checked_on,
            code_label(each.certainty),
        )
        for each in Partner.objects.open_to(by)
    ]
    known = [
        cells(each.name, code_label(each.kind), each.country, said.what, said.ground, said.source.checked_on,
              code_label(said.source.certainty))
        for each in shipped(include_unverified=True)
        for said in each.exchanges
    ]  # fmt: skip
    columns = [
        *(_("Partner"), _("Kind"), _("Country"), _("What is exchanged"), _("Ground"), _("Checked on"), _("How sure")),
    ]
    return Desk(
        title=_("Partners"),
        lead=_("With whom we work, what is exchanged, and on which ground."),
        tables=[
            Table(_("Yours, and those that others verified"), columns, noted, _("No partner was added here yet.")),
            Table(_("Shipped as facts; the public reads only what is verified"), columns, known),
        ],
    )


@console_view(Act.COOPERATION_RECORD, methods=("GET", "POST"))
def partner(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    found = Partner.objects.get(pk=number, recorded_by=by.organisation_id)
    said = {"source_url": found.source_url, "certainty": found.certainty}
    title, button = gettext_lazy("I looked again today"), gettext_lazy("Record")
    task = Task("check", title, CheckForm, partial(_check, number), button, filled=said)
    return desk(request, by, lambda: _about(found), [task])


def _about(found: Partner) -> Desk:
    return Desk(
        title=found.name,
        up=[Cell(_("Partners"), reverse("console:partners"))],
        facts=[
            fact(_("Kind"), code_label(found.kind)),
            fact(_("Country"), asking.state_name(found.country) if found.country else _("the whole world")),
            fact(_("Its own page"), source(found.url) if found.url else _("none named")),
            fact(_("What is exchanged"), found.exchanged),
            fact(_("On which ground"), found.ground),
            fact(_("Source"), source(found.source_url)),
            fact(_("Checked on"), found.checked_on),
            fact(_("How sure"), code_label(found.certainty)),
        ],
        trail=trail(f"partner:{found.pk}"),
    )


def _there(found: Partner) -> str:
    return reverse("console:partner", args=[found.pk])
