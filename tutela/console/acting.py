"""Priority actions: who does what by when against which gap, and what became of it."""

from functools import partial
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tutela.accounts.policy import Act, Actor
from tutela.console import asking
from tutela.console.access import console_view
from tutela.console.desks import Cell, Desk, Done, Table, Task, cells, chosen, counted, desk, fact, source, trail
from tutela.console.words import code_label
from tutela.cooperation.models import Undertaking
from tutela.cooperation.rules import MOVES, Standing, State
from tutela.law import dates
from tutela.law.authorities import MEMBER_STATES
from tutela.law.strategy import initiatives
from tutela.strategy import actions
from tutela.strategy.models import PriorityAction

SHOWN = 200


def _initiatives() -> list[tuple[str, str]]:
    return [(str(each.number), f"{each.number}: {each.name}") for each in initiatives()]


def _country() -> forms.ChoiceField:
    return asking.state(gettext_lazy("For"), ("EU", *MEMBER_STATES))


class Filters(forms.Form):
    country = asking.filtered(_country())
    initiative = asking.filtered(forms.ChoiceField(label=gettext_lazy("Initiative"), choices=_initiatives))
    standing = asking.filtered(asking.one_of(gettext_lazy("Stands"), Standing))


class ActionForm(forms.Form):
    what = asking.text(gettext_lazy("What is to be done"))
    owner = forms.CharField(label=gettext_lazy("Who does it"), max_length=200)
    due = asking.Day(label=gettext_lazy("By which day"))


class PlanForm(ActionForm):
    decided_on = asking.Day(label=gettext_lazy("Decided on"))
    initiative = forms.TypedChoiceField(label=gettext_lazy("Initiative"), coerce=int, choices=_initiatives)
    gap = forms.CharField(
        label=gettext_lazy("The gap it closes"),
        help_text=gettext_lazy("Its key; a gap's own “plan an action” fills it in."),
        required=False,
        max_length=200,
    )


class FinishForm(forms.Form):
    on = asking.Day(label=gettext_lazy("Done on"))
    evidence_url = asking.address(gettext_lazy("Where anybody can see it (address)"))


class DropForm(forms.Form):
    reason = asking.text(gettext_lazy("Why it is dropped"), rows=2)


def _plan(*, by: Actor, **said: Any) -> Done:
    planned = actions.plan(country=by.country, **said, by=by)
    return Done(_("The action is planned; everybody reads it."), _there(planned))


def _change(number: int, *, by: Actor, **said: Any) -> Done:
    actions.change(number, **said, by=by)
    return Done(_("The action is changed; what it said before stays on record."))


def _finish(number: int, *, by: Actor, **said: Any) -> Done:
    actions.finish(number, **said, by=by)
    return Done(_("The action is done."))


def _drop(number: int, *, by: Actor, reason: str) -> Done:
    actions.drop(number, reason=reason, by=by)
    return Done(_("The action is dropped, with its reason."))


def _reopen(number: int, *, by: Actor) -> Done:
    actions.reopen(number, by=by)
    return Done(_("The action is open again."))


@console_view(Act.STRATEGY_RECORD, methods=("GET", "POST"))
def acting(request: HttpRequest, by: Actor) -> HttpResponse:
    about = gettext_lazy("Yours are the actions of the state, or of the Union, that your organisation speaks for.")
    title, button = gettext_lazy("Plan an action"), gettext_lazy("Plan")
    task = Task("plan", title, PlanForm, _plan, button, about, filled_by_link=("gap", "initiative"))
    return desk(request, by, lambda: _list(Filters(request.GET), by), [task] if by.country else [])


def _list(filters: Filters, by: Actor) -> Desk:
    asked, today = chosen(filters), dates.today()
    standing = asked.pop("standing", "")
    found = [
        each
        for each in PriorityAction.objects.filter(**asked).order_by("due", "pk")
        if standing in {"", each.standing(today)}
    ]
    rows = [
        cells(
            Cell(each.pk, _there(each)) if each.recorded_by_id == by.organisation_id else each.pk,
            each.what,
            each.owner,
            each.country,
            each.initiative,
            each.due,
            stands(each),
        )
        for each in found[:SHOWN]
    ]
    return Desk(
        title=_("Priority actions"),
        lead=_("Who does what by when. What is late shows late, here and to everybody."),
        facts=[
            fact(
                _("See also"),
                Cell(_("What is missing, and why"), reverse("console:gaps")),
                Cell(_("As everybody reads them"), reverse("portal:actions")),
            )
        ],
        filters=filters,
        tables=[
            Table(
                counted(_("Actions, the next day first"), len(rows), len(found)),
                [_("Action"), _("What"), _("Who"), _("For"), _("Initiative"), _("By"), _("Stands")],
                rows,
                _("There is none."),
            )
        ],
    )


@console_view(Act.STRATEGY_RECORD, methods=("GET", "POST"))
def action(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    found = PriorityAction.objects.get(pk=number, recorded_by=by.organisation_id)
    said = {name: getattr(found, name) for name in ActionForm.base_fields}
    tasks = [
        Task("change", gettext_lazy("Change it"), ActionForm, partial(_change, number), gettext_lazy("Change"),
             gettext_lazy("Another owner, another day. What it said before stays on record."), filled=said),
        Task("finish", gettext_lazy("It is done"), FinishForm, partial(_finish, number), gettext_lazy("Done"),
             gettext_lazy("Without evidence that anybody can look up nothing is done.")),
        Task("drop", gettext_lazy("Drop it"), DropForm, partial(_drop, number), gettext_lazy("Drop")),
        Task("reopen", gettext_lazy("Open it again"), forms.Form, partial(_reopen, number),
             gettext_lazy("Open it again")),
    ]  # fmt: skip
    return desk(request, by, lambda: _about(found), open_tasks(tasks, found))


def _about(found: PriorityAction) -> Desk:
    return Desk(
        title=_("Action %(number)s") % {"number": found.pk},
        lead=found.what,
        up=[Cell(_("Priority actions"), reverse("console:acting"))],
        facts=[
            fact(_("Stands"), stands(found)),
            fact(_("Who does it"), found.owner),
            fact(_("For"), asking.state_name(found.country)),
            fact(_("Initiative"), found.initiative),
            fact(_("Decided on"), found.decided_on),
            fact(_("By which day"), found.due),
            fact(_("The gap it closes"), found.gap or _("none named")),
            *closing_facts(found),
        ],
        trail=trail(f"priorityaction:{found.pk}"),
    )


def open_tasks(tasks: list[Task], found: Undertaking) -> list[Task]:
    """Those that the undertaking's state allows; what may be said of an open one is no move and ends with it."""
    moves = MOVES[State(found.state)]
    known = {move for each in MOVES.values() for move in each}
    return [each for each in tasks if each.name in moves or (each.name not in known and found.state == State.OPEN)]


def stands(found: Undertaking) -> Cell:
    today = dates.today()
    standing, days = found.standing(today), found.days_late(today)
    if standing is not Standing.LATE:
        return Cell(code_label(standing))
    return Cell(late_by(days), strong=True)


def late_by(days: int) -> str:
    return ngettext("late by %(days)s day", "late by %(days)s days", days) % {"days": days}


def closing_facts(found: Undertaking) -> list[Any]:
    if found.state == State.DONE:
        return [fact(_("Done on"), found.done_on), fact(_("Evidence"), source(found.evidence_url))]
    return [fact(_("Why it was dropped"), found.reason)] if found.state == State.DROPPED else []


def _there(found: PriorityAction) -> str:
    return reverse("console:action", args=[found.pk])
