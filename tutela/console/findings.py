"""What somebody found of a state: an article of the Directive, an aspect of its Article 25."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tutela.accounts.policy import Act, Actor
from tutela.compliance import actions
from tutela.compliance.models import ArticleMeasure, Finding
from tutela.compliance.rules import READ, Answer, Aspect, Verdict, bound_states, owed
from tutela.console.access import console_view
from tutela.console.desks import Cell, Day, Table, Task, address, cells, desk, text
from tutela.console.words import code_label

SHOWN = 200


def _states() -> list[tuple[str, str]]:
    return [(state, state) for state in bound_states()]


def _words(kind: Iterable[str]) -> list[tuple[str, str]]:
    return [(str(each), code_label(each)) for each in kind]


def _sure() -> forms.ChoiceField:
    return forms.ChoiceField(label=gettext_lazy("How the source was read"), choices=lambda: _words(READ))


class FindingForm(forms.Form):
    provision = forms.ChoiceField(label=gettext_lazy("Article"), choices=lambda: [(id_, id_) for id_ in owed()])
    state = forms.ChoiceField(label=gettext_lazy("Member State"), choices=_states)
    verdict = forms.ChoiceField(label=gettext_lazy("What you found"), choices=lambda: _words(Verdict))
    reason = text(gettext_lazy("Why"))
    source_url = address(gettext_lazy("Where anybody can check it (address)"))
    on = Day(label=gettext_lazy("The day of which it is true"))
    certainty = _sure()
    measures = forms.CharField(
        label=gettext_lazy("Measures it rests on"),
        help_text=gettext_lazy("CELEX numbers of that state's notified measures, with a space between them."),
        required=False,
        max_length=2_000,
    )


class ArticleForm(forms.Form):
    aspect = forms.ChoiceField(label=gettext_lazy("Aspect of Article 25"), choices=lambda: _words(Aspect))
    state = forms.ChoiceField(label=gettext_lazy("Member State"), choices=_states)
    answer = forms.ChoiceField(label=gettext_lazy("Answer"), choices=lambda: _words(Answer))
    how = text(gettext_lazy("By what means, or why it is not known"))
    source_url = address(gettext_lazy("Where anybody can check it (address)"))
    on = Day(label=gettext_lazy("The day of which it is true"))
    certainty = _sure()


def _find(*, by: Actor, measures: str, **said: Any) -> str:
    found = actions.record_finding(**said, measures=measures.split(), by=by)
    return _("Written down: %(provision)s in %(state)s.") % {"provision": found.provision, "state": found.state}


def _measure(*, by: Actor, **said: Any) -> str:
    found = actions.record_article_measure(**said, by=by)
    return _("Written down: Article 25 in %(state)s.") % {"state": found.state}


TASKS = (
    Task("find", gettext_lazy("Record a finding"), FindingForm, _find, gettext_lazy("Record"),
         gettext_lazy("It takes the place of the one before; both stay on record, with you as the author.")),
    Task("article-25", gettext_lazy("Record a measure under Article 25"), ArticleForm, _measure,
         gettext_lazy("Record")),
)  # fmt: skip


@console_view(Act.COMPLIANCE_FIND, methods=("GET", "POST"))
def findings(request: HttpRequest, by: Actor) -> HttpResponse:
    state = request.GET.get("state", "").upper()
    return desk(
        request,
        by,
        title=_("Findings"),
        lead=_("How each state carries out each article, as somebody found it. Everybody reads this in the matrix."),
        tables=lambda: _tables(state if state in bound_states() else ""),
        tasks=TASKS,
    )


def _tables(state: str) -> list[Table]:
    of = {"state": state} if state else {}
    found = Finding.objects.filter(**of).select_related("author").order_by("-recorded_at")[:SHOWN]
    measures = ArticleMeasure.objects.filter(**of).select_related("author").order_by("-recorded_at")[:SHOWN]
    columns = [_("Article"), _("State"), _("Found"), _("As of"), _("By"), _("Stands"), _("Source")]
    return [
        Table(
            _("Findings, the newest first"),
            columns,
            [cells(_cell(each), *_said(each, code_label(each.verdict))) for each in found],
            _("Nobody has recorded a finding yet: the matrix says “not known”."),
        ),
        Table(
            _("Article 25, the newest first"),
            columns,
            [cells(code_label(each.aspect), *_said(each, code_label(each.answer))) for each in measures],
            _("Nothing is recorded yet."),
        ),
    ]


def _cell(found: Finding) -> Cell:
    return Cell(found.provision, reverse("portal:law_matrix_cell", args=[found.provision, found.state]))


def _said(each: Finding | ArticleMeasure, word: str) -> list[str | Cell]:
    stands = _("yes") if each.replaced_at is None else _("replaced %(on)s") % {"on": each.replaced_at.date()}
    return [each.state, word, _day(each.on), each.author.name, stands, Cell(_("source"), each.source_url)]


def _day(on: date) -> str:
    return on.isoformat()
