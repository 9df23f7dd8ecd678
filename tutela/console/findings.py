"""What somebody found of an article in a state: the list, and one page for each cell of the matrix."""

from functools import partial
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tutela.accounts.policy import Act, Actor
from tutela.compliance import actions, tables
from tutela.compliance.models import Finding, Measure
from tutela.compliance.rules import READ, Verdict, bound_states, owed
from tutela.console import asking
from tutela.console.access import console_view
from tutela.console.desks import Cell, Desk, Done, Table, Task, cells, chosen, counted, desk, fact, source
from tutela.console.words import code_label

SHOWN = 200


def _articles() -> list[tuple[str, str]]:
    return [(each.id, f"{each.reference}: {each.title}"[:100]) for each in owed().values()]


def _state() -> forms.ChoiceField:
    return asking.state(gettext_lazy("Member State"), bound_states())


def _article() -> forms.ChoiceField:
    return forms.ChoiceField(label=gettext_lazy("Article"), choices=_articles)


class Filters(forms.Form):
    provision = asking.filtered(_article())
    state = asking.filtered(_state())
    verdict = asking.filtered(asking.one_of(gettext_lazy("Found"), Verdict))
    replaced = forms.BooleanField(label=gettext_lazy("Replaced ones, too"), required=False)


class CellForm(forms.Form):
    verdict = asking.one_of(gettext_lazy("What you found"), Verdict)
    reason = asking.text(gettext_lazy("Why"))
    source_url = asking.address(gettext_lazy("Where anybody can check it (address)"))
    certainty = asking.how_sure(*READ)
    on = asking.Day(label=gettext_lazy("The day of which it is true"))
    measures = forms.CharField(
        label=gettext_lazy("Measures it rests on"),
        help_text=gettext_lazy("CELEX numbers of that state's notified measures, with a space between them."),
        required=False,
        max_length=2_000,
    )


class FindingForm(CellForm):
    provision = _article()
    state = _state()
    field_order = ("provision", "state")


def _find(*, by: Actor, measures: str, **said: Any) -> Done:
    found = actions.record_finding(**said, measures=measures.split(), by=by)
    sentence = _("Written down: %(provision)s in %(state)s.")
    return Done(sentence % {"provision": found.provision, "state": found.state}, _there(found.provision, found.state))


_ABOUT = gettext_lazy("It takes the place of the one before; both stay on record, with you as the author.")
_TITLE = gettext_lazy("Record a finding")


@console_view(Act.COMPLIANCE_FIND, methods=("GET", "POST"))
def findings(request: HttpRequest, by: Actor) -> HttpResponse:
    task = Task("find", _TITLE, FindingForm, _find, gettext_lazy("Record"), _ABOUT)
    return desk(request, by, lambda: _list(Filters(request.GET)), [task])


def _list(filters: Filters) -> Desk:
    asked = chosen(filters)
    replaced = {} if asked.pop("replaced", False) else {"replaced_at": None}
    found = Finding.objects.filter(**asked, **replaced)
    rows = [
        [Cell(owed()[each.provision].reference, _there(each.provision, each.state)), Cell(each.state), *_said(each)]
        for each in _newest(found)[:SHOWN]
    ]
    return Desk(
        title=_("Findings"),
        lead=_("How each state carries out each article, as somebody found it. Everybody reads this in the matrix."),
        facts=[
            fact(
                _("See also"),
                Cell(_("The matrix, as everybody reads it"), reverse("portal:law_matrix")),
                Cell(_("Article 25 in each state"), reverse("console:article_25")),
            )
        ],
        filters=filters,
        tables=[
            Table(
                counted(_("Findings, the newest first"), len(rows), found.count()),
                [_("Article"), _("State"), *_columns()],
                rows,
                _("There is none. Where nobody has found anything, the matrix says what the registers say."),
            )
        ],
    )


@console_view(Act.COMPLIANCE_FIND, methods=("GET", "POST"))
def cell(request: HttpRequest, by: Actor, provision: str, state: str) -> HttpResponse:
    if provision not in owed() or state not in bound_states():
        raise Http404
    act = partial(_find, provision=provision, state=state)
    task = Task("find", _TITLE, CellForm, act, gettext_lazy("Record"), _ABOUT)
    return desk(request, by, lambda: _cell(provision, state), [task])


def _cell(provision: str, state: str) -> Desk:
    known = tables.matrix(provisions=(provision,), states=(state,)).cells[0]
    article, found = known.provision, Finding.objects.filter(provision=provision, state=state)
    notified = Measure.objects.filter(batch__replaced_at=None, state=state).order_by("-notified_on", "celex")
    return Desk(
        title=_("%(article)s in %(state)s") % {"article": article.reference, "state": asking.state_name(state)},
        lead=article.duty,
        up=[Cell(_("Findings"), reverse("console:findings"))],
        facts=[
            fact(_("Stands"), code_label(known.status)),
            fact(_("Why it stands so"), *(each.sentence for each in known.reasons)),
            fact(_("As everybody reads it"), _public(provision, state)),
        ],
        tables=[
            Table(_("What was found, the newest first"), _columns(), [_said(each) for each in _newest(found)],
                  _("Nobody has recorded a finding here yet.")),
            Table(
                counted(_("Measures this state notified"), min(notified.count(), SHOWN), notified.count()),
                [_("CELEX"), _("Title"), _("Notified on")],
                [cells(each.celex, " / ".join(each.titles), each.notified_on) for each in notified[:SHOWN]],
                _("None stands in the register as it was imported, or no register was imported yet."),
            ),
        ],
    )  # fmt: skip


def _newest(found: "QuerySet[Finding]") -> "QuerySet[Finding]":
    return found.select_related("author", "organisation").order_by("-recorded_at", "-pk")


def _columns() -> list[str]:
    return [
        *(_("Found"), _("Why"), _("As of"), _("Author"), _("How sure"), _("Source"), _("Rests on")),
        *(_("Recorded (UTC)"), _("Stands")),
    ]


def _said(each: Finding) -> list[Cell]:
    return cells(
        code_label(each.verdict),
        each.reason,
        each.on,
        f"{each.author.name}, {each.organisation.name}",
        code_label(each.certainty),
        source(each.source_url),
        " ".join(each.measures),
        f"{each.recorded_at:%Y-%m-%d %H:%M}",
        stands(each.replaced_at),
    )


def stands(replaced_at: Any) -> str:
    return _("in force") if replaced_at is None else _("replaced on %(on)s") % {"on": replaced_at.date()}


def _there(provision: str, state: str) -> str:
    return reverse("console:finding_cell", args=[provision, state])


def _public(provision: str, state: str) -> Cell:
    address = reverse("portal:law_matrix_cell", args=[provision, state])
    return Cell(address, address)
