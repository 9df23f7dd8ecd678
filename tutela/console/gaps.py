"""What is missing, each gap with the records that cause it and a way to act on it."""

from collections import defaultdict
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tutela.accounts.policy import Act, Actor
from tutela.compliance.rules import bound_states, owed
from tutela.console import asking
from tutela.console.access import console_view
from tutela.console.desks import Cell, Desk, Table, cells, chosen, counted, desk, fact
from tutela.console.words import code_label
from tutela.cooperation.rules import UNION
from tutela.law import dates
from tutela.strategy import monitor
from tutela.strategy.gaps import Gap, Kind
from tutela.strategy.models import PriorityAction, practices
from tutela.strategy.practices import answering

SHOWN = 200
SHOWN_RECORDS = 4


class Filters(forms.Form):
    state = asking.filtered(asking.state(gettext_lazy("Member State")))
    kind = asking.filtered(asking.one_of(gettext_lazy("Kind"), Kind))
    without_action = forms.BooleanField(label=gettext_lazy("Only those without an action"), required=False)


@console_view(Act.STRATEGY_RECORD)
def gaps(request: HttpRequest, by: Actor) -> HttpResponse:
    given = request.GET.copy()
    # A body's first look is at its own state; a choice that is empty asks for all of them.
    if not given and by.country in bound_states():
        given["state"] = by.country
    return desk(request, by, lambda: _list(Filters(given), by))


def _list(filters: Filters, by: Actor) -> Desk:
    asked = chosen(filters)
    told = monitor.found(on=dates.today(), by=by, states=[asked["state"]] if "state" in asked else ())
    planned = _planned()
    found = [
        each
        for each in told.gaps
        if asked.get("kind", each.kind) == each.kind and not (asked.get("without_action") and planned[each.key])
    ]
    known = practices(by)
    rows = [
        cells(
            _about(each),
            each.state,
            code_label(each.kind),
            each.sentence,
            _records(each),
            "; ".join(f"{one.name} ({one.state})" for one in answering(each, known)),
            _act(each, planned[each.key], by),
        )
        for each in found[:SHOWN]
    ]
    columns = [
        *(_("About"), _("State"), _("Kind"), _("What is missing"), _("Caused by"), _("What works elsewhere")),
        _("Action"),
    ]
    unmeasured = [cells(each.state, code_label(each.kind), each.why) for each in told.not_measured]
    return Desk(
        title=_("Gaps"),
        lead=_("What is missing, computed from the records that cause it. What nobody looked at is said apart."),
        facts=[
            fact(
                _("See also"),
                Cell(_("Practices"), reverse("console:practices")),
                Cell(_("Statistics that states owe"), reverse("console:statistics")),
                Cell(_("As everybody reads them"), reverse("portal:gaps")),
            )
        ],
        filters=filters,
        tables=[
            Table(counted(_("Gaps"), len(rows), len(found)), columns, rows,
                  _("No gap follows from what is on record.")),
            Table(
                counted(_("Not measured, so neither a gap nor none"), min(len(unmeasured), SHOWN), len(unmeasured)),
                [_("State"), _("Kind"), _("Why not")],
                unmeasured[:SHOWN],
                _("Everything was looked at."),
            ),
        ],
    )  # fmt: skip


def _planned() -> dict[str, list[PriorityAction]]:
    found: dict[str, list[PriorityAction]] = defaultdict(list)
    for each in PriorityAction.objects.exclude(gap="").order_by("pk"):
        found[each.gap].append(each)
    return found


def _about(gap: Gap) -> Cell:
    if gap.about not in owed():
        return Cell(gap.about or _("the Directive as a whole"))
    return Cell(owed()[gap.about].reference, reverse("console:finding_cell", args=[gap.about, gap.state]))


def _records(gap: Gap) -> str:
    more = len(gap.records) - SHOWN_RECORDS
    said = ", ".join(gap.records[:SHOWN_RECORDS])
    return said if more <= 0 else _("%(records)s and %(more)s more") % {"records": said, "more": more}


def _act(gap: Gap, planned: list[PriorityAction], by: Actor) -> Cell | str:
    """The newest action that names the gap; else a way to plan one, for whoever may."""
    if planned:
        newest: Any = planned[-1]
        mine = newest.recorded_by_id == by.organisation_id
        said = _("action %(number)s: %(state)s") % {"number": newest.pk, "state": code_label(newest.state)}
        return Cell(said, reverse("console:action", args=[newest.pk]) if mine else "")
    if by.country not in {gap.state, UNION}:
        return _("none")
    asked = urlencode({"gap": gap.key, "initiative": gap.initiative})
    return Cell(_("plan an action"), f"{reverse('console:acting')}?{asked}#plan")
