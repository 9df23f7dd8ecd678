"""Who does what by when against which gap; what works elsewhere; which statistic was looked for."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tutela.accounts.policy import Act, Actor
from tutela.console.access import console_view
from tutela.console.desks import Cell, Day, Table, Task, address, cells, desk, text
from tutela.console.words import code_label
from tutela.cooperation.rules import Standing
from tutela.cooperation.rules import State as Undertaken
from tutela.law.authorities import MEMBER_STATES
from tutela.law.sources import Certainty
from tutela.strategy import actions, monitor
from tutela.strategy.gaps import Kind
from tutela.strategy.models import BestPractice, Delivery, PriorityAction

SHOWN_GAPS = 100
_COUNTRIES = [("EU", "EU"), *((each, each) for each in MEMBER_STATES)]
_STATES = [(each, each) for each in MEMBER_STATES]


class PlanForm(forms.Form):
    what = text(gettext_lazy("What is to be done"))
    owner = forms.CharField(label=gettext_lazy("Who does it"), max_length=200)
    due = Day(label=gettext_lazy("By which day"))
    decided_on = Day(label=gettext_lazy("Decided on"))
    country = forms.ChoiceField(label=gettext_lazy("For"), choices=_COUNTRIES)
    initiative = forms.TypedChoiceField(
        label=gettext_lazy("Initiative"), coerce=int, choices=[(number, str(number)) for number in range(1, 9)]
    )
    gap = forms.CharField(label=gettext_lazy("The gap it closes (its key)"), required=False, max_length=200)


class _OfAction(forms.Form):
    action = forms.ChoiceField(label=gettext_lazy("Action"))
    states: tuple[Undertaken, ...] = (Undertaken.OPEN,)

    def for_actor(self, by: Actor) -> None:
        mine = PriorityAction.objects.filter(recorded_by=by.organisation_id, state__in=self.states)
        self.fields["action"].choices = [(each.pk, f"{each.pk}: {each.what[:80]}") for each in mine]


class FinishForm(_OfAction):
    on = Day(label=gettext_lazy("Done on"))
    evidence_url = address(gettext_lazy("Where anybody can see it (address)"))


class DropForm(_OfAction):
    reason = text(gettext_lazy("Why it is dropped"), rows=2)


class ReopenForm(_OfAction):
    states = (Undertaken.DONE, Undertaken.DROPPED)


class PracticeForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    what = text(gettext_lazy("What is done"))
    state = forms.ChoiceField(label=gettext_lazy("Where it works"), choices=_STATES)
    about = forms.CharField(
        label=gettext_lazy("What it answers"),
        help_text=gettext_lazy("A provision (dir-2011-93:art-25-1) or a capability (capability:7)."),
        max_length=200,
    )
    gap_kind = forms.ChoiceField(
        label=gettext_lazy("Kind of gap it closes"),
        required=False,
        choices=lambda: [("", "–"), *((str(each), code_label(each)) for each in Kind)],
    )
    source_url = address(gettext_lazy("Source (address)"))
    checked_on = Day(label=gettext_lazy("Checked on"))
    certainty = forms.ChoiceField(
        label=gettext_lazy("How sure"), choices=lambda: [(str(each), code_label(each)) for each in Certainty]
    )


class StatisticForm(forms.Form):
    state = forms.ChoiceField(label=gettext_lazy("Member State"), choices=_STATES)
    provision = forms.CharField(label=gettext_lazy("Provision that asks for it"), max_length=100)
    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=2013, max_value=2100)
    delivered_on = Day(label=gettext_lazy("Delivered on (empty: looked for, not found)"), required=False)
    source_url = address(gettext_lazy("Where it was found, or looked for"))


def _plan(*, by: Actor, **said: Any) -> str:
    actions.plan(**said, by=by)
    return _("The action is planned.")


def _finish(*, by: Actor, action: str, **said: Any) -> str:
    actions.finish(int(action), **said, by=by)
    return _("The action is done.")


def _drop(*, by: Actor, action: str, reason: str) -> str:
    actions.drop(int(action), reason=reason, by=by)
    return _("The action is dropped, with its reason.")


def _reopen(*, by: Actor, action: str) -> str:
    actions.reopen(int(action), by=by)
    return _("The action is open again.")


def _practice(*, by: Actor, **said: Any) -> str:
    actions.note_practice(**said, by=by)
    return _("The practice is noted; the public reads it once it is verified.")


def _statistic(*, by: Actor, **said: Any) -> str:
    actions.look_for_statistic(**said, by=by)
    return _("Written down.")


TASKS = (
    Task(
        "plan", gettext_lazy("Plan an action"), PlanForm, _plan, gettext_lazy("Plan"), filled_by_link=("gap", "country")
    ),
    Task("finish", gettext_lazy("An action is done"), FinishForm, _finish, gettext_lazy("Done")),
    Task("drop", gettext_lazy("Drop an action"), DropForm, _drop, gettext_lazy("Drop")),
    Task("reopen", gettext_lazy("Open an action again"), ReopenForm, _reopen, gettext_lazy("Open again")),
    Task("practice", gettext_lazy("Note a practice"), PracticeForm, _practice, gettext_lazy("Note")),
    Task("statistic", gettext_lazy("Look for a statistic"), StatisticForm, _statistic, gettext_lazy("Write down")),
)


@console_view(Act.STRATEGY_RECORD, methods=("GET", "POST"))
def acting(request: HttpRequest, by: Actor) -> HttpResponse:
    state = request.GET.get("state", "").upper()
    return desk(
        request,
        by,
        title=_("Actions and gaps"),
        lead=_("What is missing, from the records that cause it, and who does what about it by when."),
        tables=lambda: [_actions(), _gaps(by, state), _practices(by), _statistics()],
        tasks=TASKS,
    )


def _actions() -> Table:
    today = datetime.now(UTC).date()
    rows = []
    for each in PriorityAction.objects.order_by("due", "pk"):
        standing = each.standing(today)
        late = Cell(f"{code_label(standing)} ({each.days_late(today)} d)", strong=True)
        stands = late if standing is Standing.LATE else code_label(standing)
        rows.append(
            cells(each.pk, each.what, each.owner, each.country, each.initiative, str(each.due), stands, each.gap)
        )
    columns = [_("Number"), _("What"), _("Who"), _("For"), _("Initiative"), _("By"), _("Stands"), _("Gap")]
    return Table(_("Priority actions"), columns, rows, _("No action is planned yet."))


def _gaps(by: Actor, state: str) -> Table:
    on = datetime.now(UTC).date()
    found = monitor.found(on=on, by=by, states=(state,) if state in MEMBER_STATES else ()).gaps
    rows = [
        cells(
            each.state,
            code_label(each.kind),
            each.sentence,
            ", ".join(each.records[:3]),
            Cell(_("plan an action"), f"?{urlencode({'gap': each.key, 'country': each.state})}#plan"),
        )
        for each in found[:SHOWN_GAPS]
    ]
    columns = [_("State"), _("Kind"), _("What is missing"), _("Caused by"), _("Act")]
    caption = _("Gaps: the first %(shown)s of %(all)s") % {"shown": len(rows), "all": len(found)}
    return Table(caption, columns, rows, _("No gap follows from what is on record."))


def _practices(by: Actor) -> Table:
    rows = [
        cells(each.name, each.state, each.about, code_label(each.certainty), Cell(_("source"), each.source_url))
        for each in BestPractice.objects.open_to(by)
    ]
    return Table(
        _("Practices"), [_("Name"), _("State"), _("Answers"), _("How sure"), _("Source")], rows, _("None is noted.")
    )


def _statistics() -> Table:
    rows = [
        cells(each.state, each.provision, each.year, str(each.delivered_on or _("not found")), str(each.looked_on))
        for each in Delivery.objects.order_by("-year", "state")
    ]
    columns = [_("State"), _("Provision"), _("Year"), _("Delivered"), _("Looked for on")]
    return Table(_("Statistics looked for"), columns, rows, _("None was looked for yet."))
