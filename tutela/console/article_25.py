"""Article 25 of the Directive: removal, blocking and its safeguards, aspect by aspect in each state."""

from functools import partial
from itertools import groupby
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tutela.accounts.policy import Act, Actor
from tutela.compliance import actions
from tutela.compliance.article_25 import article_25
from tutela.compliance.models import ArticleMeasure
from tutela.compliance.rules import ASPECTS, READ, Answer, Aspect, bound_states
from tutela.console import asking
from tutela.console.access import console_view
from tutela.console.desks import Cell, Desk, Done, Table, Task, cells, desk, source
from tutela.console.findings import stands
from tutela.console.words import code_label


class AspectForm(forms.Form):
    aspect = asking.one_of(gettext_lazy("Aspect"), Aspect)
    answer = asking.one_of(gettext_lazy("Answer"), Answer)
    how = asking.text(gettext_lazy("By what means, or why it is not known"))
    source_url = asking.address(gettext_lazy("Where anybody can check it (address)"))
    certainty = asking.how_sure(*READ)
    on = asking.Day(label=gettext_lazy("The day of which it is true"))


def _measure(state: str, *, by: Actor, **said: Any) -> Done:
    written = actions.record_article_measure(state=state, **said, by=by)
    return Done(_("Written down: %(aspect)s.") % {"aspect": code_label(written.aspect)})


@console_view(Act.COMPLIANCE_FIND)
def states(request: HttpRequest, by: Actor) -> HttpResponse:
    return desk(request, by, _states)


def _states() -> Desk:
    rows = [
        [Cell(asking.state_name(code), _there(code)), *cells(*(code_label(each.answer) for each in carried))]
        for code, carried in groupby(article_25(), key=lambda each: each.state)
    ]
    return Desk(
        title=_("Article 25 in each state"),
        lead=_("Removal at the source, blocking, and the safeguards that are asked for where a state blocks."),
        up=[Cell(_("Findings"), reverse("console:findings"))],
        tables=[Table(_("Answers in force"), [_("State"), *(code_label(each) for each in ASPECTS)], rows)],
    )


@console_view(Act.COMPLIANCE_FIND, methods=("GET", "POST"))
def state(request: HttpRequest, by: Actor, state: str) -> HttpResponse:
    if state not in bound_states():
        raise Http404
    task = Task(
        "aspect", gettext_lazy("Record one aspect"), AspectForm, partial(_measure, state), gettext_lazy("Record"),
        gettext_lazy("It takes the place of the answer before; both stay on record. An end of blocking ends its "
                     "safeguards."),
    )  # fmt: skip
    return desk(request, by, lambda: _state(state), [task])


def _state(code: str) -> Desk:
    said = ArticleMeasure.objects.filter(state=code).select_related("author", "organisation")
    return Desk(
        title=_("Article 25 in %(state)s") % {"state": asking.state_name(code)},
        up=[
            Cell(_("Findings"), reverse("console:findings")),
            Cell(_("Article 25 in each state"), reverse("console:article_25")),
        ],
        tables=[
            Table(
                _("As it stands"),
                [_("Aspect"), _("Part"), _("Answer"), _("How"), _("As of"), _("How sure"), _("Source")],
                [
                    cells(code_label(each.aspect), each.part, code_label(each.answer), each.how, each.on,
                          code_label(each.certainty) if each.certainty else "", source(each.source_url))
                    for each in article_25([code])
                ],
            ),
            Table(
                _("Everything that was recorded, the newest first"),
                [_("Aspect"), _("Answer"), _("As of"), _("Author"), _("Recorded (UTC)"), _("Stands")],
                [
                    cells(code_label(each.aspect), code_label(each.answer), each.on,
                          f"{each.author.name}, {each.organisation.name}", f"{each.recorded_at:%Y-%m-%d %H:%M}",
                          stands(each.replaced_at))
                    for each in said.order_by("-recorded_at", "-pk")
                ],
                _("Nothing is recorded yet."),
            ),
        ],
    )  # fmt: skip


def _there(code: str) -> str:
    return reverse("console:article_25_state", args=[code])
