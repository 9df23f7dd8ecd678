"""What works somewhere and what it answers; which statistic was looked for, and whether it was found."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tutela.accounts.policy import Act, Actor
from tutela.console import asking
from tutela.console.access import console_view
from tutela.console.desks import Cell, Desk, Done, Table, Task, cells, desk, source
from tutela.console.words import code_label
from tutela.law import dates
from tutela.strategy import actions
from tutela.strategy.gaps import Kind
from tutela.strategy.models import BestPractice, Delivery
from tutela.strategy.practices import shipped
from tutela.strategy.rules import STATISTICS, statistics_due


def _years() -> list[tuple[int, str]]:
    return [(due.year, str(due.year)) for due in reversed(statistics_due(dates.today()))]


class PracticeForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    what = asking.text(gettext_lazy("What is done"))
    state = asking.state(gettext_lazy("Where it works"))
    about = forms.CharField(
        label=gettext_lazy("What it answers"),
        help_text=gettext_lazy("A provision (dir-2011-93:art-25-1) or a capability (capability:7)."),
        max_length=200,
    )
    gap_kind = asking.filtered(asking.one_of(gettext_lazy("Kind of gap it closes"), Kind))
    source_url = asking.address(gettext_lazy("Source (address)"))
    checked_on = asking.Day(label=gettext_lazy("Checked on"))
    certainty = asking.how_sure()


class StatisticForm(forms.Form):
    state = asking.state(gettext_lazy("Member State"))
    provision = forms.ChoiceField(
        label=gettext_lazy("Provision that asks for it"), choices=[(each, each) for each in STATISTICS]
    )
    year = forms.TypedChoiceField(label=gettext_lazy("Year in which it was due"), coerce=int, choices=_years)
    delivered_on = asking.Day(
        label=gettext_lazy("Delivered on"), help_text=gettext_lazy("Empty: looked for and not found."), required=False
    )
    source_url = asking.address(gettext_lazy("Where it was found, or looked for (address)"))


def _practice(*, by: Actor, **said: Any) -> Done:
    actions.note_practice(**said, by=by)
    return Done(_("The practice is noted; the public reads it once it is verified."))


def _statistic(*, by: Actor, **said: Any) -> Done:
    found = actions.look_for_statistic(**said, by=by)
    word = _("delivered") if found.delivered_on else _("looked for and not found")
    return Done(
        _("Written down: %(state)s, %(year)s, %(word)s.") % {"state": found.state, "year": found.year, "word": word}
    )


@console_view(Act.STRATEGY_RECORD, methods=("GET", "POST"))
def practices(request: HttpRequest, by: Actor) -> HttpResponse:
    title, button = gettext_lazy("Note a practice"), gettext_lazy("Note")
    return desk(request, by, lambda: _practices(by), [Task("practice", title, PracticeForm, _practice, button)])


def _practices(by: Actor) -> Desk:
    noted = [each.practice() for each in BestPractice.objects.open_to(by)]
    rows = [
        cells(each.name, each.what, each.state, each.about, code_label(each.kind or ""), source(each.source.source_url),
              each.source.checked_on, code_label(each.source.certainty))
        for each in (*noted, *shipped())
    ]  # fmt: skip
    columns = [
        *(_("Practice"), _("What is done"), _("Where"), _("Answers"), _("Kind of gap"), _("Source"), _("Checked on")),
        _("How sure"),
    ]
    return Desk(
        title=_("Practices"),
        lead=_("What works somewhere, and the gap it closes elsewhere."),
        up=_up(),
        tables=[Table(_("Yours, those that are verified, and those that ship"), columns, rows, _("None is noted."))],
    )


@console_view(Act.STRATEGY_RECORD, methods=("GET", "POST"))
def statistics(request: HttpRequest, by: Actor) -> HttpResponse:
    about = gettext_lazy("A later look for the same statistic takes the place of the earlier one.")
    title, button = gettext_lazy("Look for a statistic"), gettext_lazy("Write down")
    return desk(request, by, _statistics, [Task("statistic", title, StatisticForm, _statistic, button, about)])


def _statistics() -> Desk:
    rows = [
        cells(each.state, each.provision, each.year, each.delivered_on or Cell(_("not found"), strong=True),
              each.looked_on, source(each.source_url))
        for each in Delivery.objects.order_by("-year", "state", "provision")
    ]  # fmt: skip
    columns = [_("State"), _("Provision"), _("Year"), _("Delivered on"), _("Looked for on"), _("Where")]
    return Desk(
        title=_("Statistics that states owe"),
        lead=_("What a state delivered can only be said once somebody has looked for it."),
        up=_up(),
        tables=[Table(_("Looked for"), columns, rows, _("None was looked for yet."))],
    )


def _up() -> list[Cell]:
    return [Cell(_("Gaps"), reverse("console:gaps"))]
