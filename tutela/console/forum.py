"""The EU Internet Forum: its meetings, what was decided, who does it by when, and whether it was done."""

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
from tutela.console.acting import DropForm, FinishForm, closing_facts, open_tasks, stands
from tutela.console.desks import Cell, Desk, Done, Table, Task, cells, desk, fact, source, trail
from tutela.cooperation import actions
from tutela.cooperation.models import Decision, Meeting
from tutela.cooperation.rules import UNION


class MeetingForm(forms.Form):
    held_on = asking.Day(label=gettext_lazy("Held on"))
    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    source_url = asking.address(gettext_lazy("Source (address)"))


class DecisionForm(forms.Form):
    what = asking.text(gettext_lazy("What was decided"))
    owner = forms.CharField(label=gettext_lazy("Who does it, in the meeting's own words"), max_length=200)
    due = asking.Day(label=gettext_lazy("By which day"), required=False)


def keeps_the_record(by: Actor) -> bool:
    """Whether forms are shown at all; the action decides again."""
    return by.country == UNION


def _meeting(*, by: Actor, **said: Any) -> Done:
    made = actions.record_meeting(**said, by=by)
    return Done(_("The meeting is on record."), _there(made))


def _decision(number: int, *, by: Actor, **said: Any) -> Done:
    actions.record_decision(number, **said, by=by)
    return Done(_("The decision is on record."))


def _finish(number: int, *, by: Actor, **said: Any) -> Done:
    actions.finish_decision(number, **said, by=by)
    return Done(_("The decision is carried out."))


def _drop(number: int, *, by: Actor, reason: str) -> Done:
    actions.drop_decision(number, reason=reason, by=by)
    return Done(_("The decision is dropped, with its reason."))


def _reopen(number: int, *, by: Actor) -> Done:
    actions.reopen_decision(number, by=by)
    return Done(_("The decision is open again."))


@console_view(Act.COOPERATION_FORUM, methods=("GET", "POST"))
def forum(request: HttpRequest, by: Actor) -> HttpResponse:
    title, button = gettext_lazy("Record a meeting"), gettext_lazy("Record")
    tasks = [Task("meeting", title, MeetingForm, _meeting, button)]
    return desk(request, by, lambda: _list(by), tasks if keeps_the_record(by) else [])


def _list(by: Actor) -> Desk:
    meetings = [
        cells(_link(each, each.title, by), each.held_on, each.decisions.count(), source(each.source_url))
        for each in Meeting.objects.all()
    ]
    decisions = [
        cells(_decided(each, by), each.meeting, each.owner, each.due, stands(each))
        for each in Decision.objects.select_related("meeting").order_by("due", "pk")
    ]
    return Desk(
        title=_("EU Internet Forum"),
        lead=_("What was decided, who does it by when. Everybody reads it; the Union's policy body keeps the record."),
        tables=[
            Table(
                _("Meetings, the newest first"), [_("Meeting"), _("Held on"), _("Decisions"), _("Source")], meetings,
                _("No meeting is on record."),
            ),
            Table(
                _("Decisions, the next day first"), [_("Decision"), _("Meeting"), _("Who"), _("By"), _("Stands")],
                decisions, _("No decision is on record."),
            ),
        ],
    )  # fmt: skip


@console_view(Act.COOPERATION_FORUM, methods=("GET", "POST"))
def meeting(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    found = Meeting.objects.get(pk=number, recorded_by=by.organisation_id)
    title, button = gettext_lazy("Record a decision"), gettext_lazy("Record")
    task = Task("decision", title, DecisionForm, partial(_decision, number), button)
    return desk(request, by, lambda: _about(found, by), [task] if keeps_the_record(by) else [])


def _about(found: Meeting, by: Actor) -> Desk:
    rows = [cells(_decided(each, by), each.owner, each.due, stands(each)) for each in found.decisions.all()]
    return Desk(
        title=found.title,
        up=[Cell(_("EU Internet Forum"), reverse("console:forum"))],
        facts=[fact(_("Held on"), found.held_on), fact(_("Source"), source(found.source_url))],
        tables=[
            Table(
                _("What was decided"), [_("Decision"), _("Who"), _("By"), _("Stands")], rows,
                _("No decision of this meeting is on record."),
            )
        ],
        trail=trail(f"meeting:{found.pk}"),
    )  # fmt: skip


@console_view(Act.COOPERATION_FORUM, methods=("GET", "POST"))
def decision(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    found = Decision.objects.select_related("meeting").get(pk=number, recorded_by=by.organisation_id)
    tasks = [
        Task("finish", gettext_lazy("It is carried out"), FinishForm, partial(_finish, number),
             gettext_lazy("Record")),
        Task("drop", gettext_lazy("Drop it"), DropForm, partial(_drop, number), gettext_lazy("Drop")),
        Task("reopen", gettext_lazy("Open it again"), forms.Form, partial(_reopen, number),
             gettext_lazy("Open it again")),
    ]  # fmt: skip
    return desk(request, by, lambda: _of(found), open_tasks(tasks, found) if keeps_the_record(by) else [])


def _of(found: Decision) -> Desk:
    return Desk(
        title=_("Decision %(number)s") % {"number": found.pk},
        lead=found.what,
        up=[Cell(_("EU Internet Forum"), reverse("console:forum")), Cell(found.meeting.title, _there(found.meeting))],
        facts=[
            fact(_("Stands"), stands(found)),
            fact(_("Who does it"), found.owner),
            fact(_("By which day"), found.due or _("none was named")),
            *closing_facts(found),
        ],
        trail=trail(f"decision:{found.pk}"),
    )


def _link(found: Meeting, words: str, by: Actor) -> Cell:
    return Cell(words, _there(found) if found.recorded_by_id == by.organisation_id else "")


def _decided(found: Decision, by: Actor) -> Cell:
    mine = found.recorded_by_id == by.organisation_id
    return Cell(found.what, reverse("console:decision", args=[found.pk]) if mine else "")


def _there(found: Meeting) -> str:
    return reverse("console:meeting", args=[found.pk])
