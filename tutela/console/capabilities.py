"""A state's own assessment of its 21 capabilities, and of its police: private until the state publishes the former."""

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
from tutela.cooperation.actions import Phase
from tutela.cooperation.capabilities import capabilities, capability, phase_label
from tutela.cooperation.models import Assessment, PoliceCapability
from tutela.cooperation.rules import PHASES, Area
from tutela.law.authorities import MEMBER_STATES

_PHASES = [("", gettext_lazy("not assessed")), *((str(number), phase_label(number)) for number in PHASES)]


class AssessForm(forms.Form):
    as_of = asking.Day(label=gettext_lazy("As of"))

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        for each in capabilities():
            asked = {"number": each.number, "label": each.label}
            self.fields[f"phase_{each.number}"] = forms.ChoiceField(
                label=_("%(number)s. %(label)s: phase") % asked, choices=_PHASES, required=False
            )
            self.fields[f"why_{each.number}"] = forms.CharField(
                label=_("%(number)s: why there") % asked, required=False, max_length=2_000
            )
            self.fields[f"evidence_{each.number}"] = asking.address(
                _("%(number)s: where it can be seen (address)") % asked, required=False
            )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for each in capabilities():
            phase, why = said.get(f"phase_{each.number}"), said.get(f"why_{each.number}")
            if phase and not why:
                self.add_error(f"why_{each.number}", _("Say why it stands there: a reader must be able to follow."))
            elif why and not phase:
                self.add_error(f"phase_{each.number}", _("Choose its phase, or take the reason out."))
        return said


class PublishForm(forms.Form):
    sure = forms.BooleanField(label=gettext_lazy("Everybody may read this assessment from now on"))


class PoliceForm(forms.Form):
    area = asking.one_of(gettext_lazy("Area"), Area)
    what = asking.text(gettext_lazy("What there is"))
    since = asking.Day(label=gettext_lazy("Since"))
    until = asking.Day(label=gettext_lazy("Until"), required=False)
    amount_eur = asking.number(gettext_lazy("Euros, for funding only"), required=False)
    evidence_url = asking.address(gettext_lazy("Where it can be seen (address)"), required=False)


def _assess(*, by: Actor, as_of: Any, **said: str) -> Done:
    given = [
        Phase(
            number=each.number,
            phase=int(phase),
            why=said[f"why_{each.number}"],
            evidence_url=said[f"evidence_{each.number}"],
        )
        for each in capabilities()
        if (phase := said[f"phase_{each.number}"])
    ]
    made = actions.assess(state=by.country, as_of=as_of, phases=given, by=by)
    return Done(_("The assessment is on record, and private."), _there(made))


def _publish(number: int, *, by: Actor, sure: bool) -> Done:
    actions.publish(number, by=by)
    return Done(_("The assessment is published: everybody reads it now."))


def _make_private(number: int, *, by: Actor) -> Done:
    actions.make_private(number, by=by)
    return Done(_("The assessment is private again; what was copied meanwhile cannot be taken back."))


def _police(*, by: Actor, **said: Any) -> Done:
    actions.note_police_capability(state=by.country, **said, by=by)
    return Done(_("Written down; nobody else ever reads it."))


@console_view(Act.COOPERATION_RECORD, methods=("GET", "POST"))
def overview(request: HttpRequest, by: Actor) -> HttpResponse:
    tasks = [
        Task("assess", gettext_lazy("Assess your state"), AssessForm, _assess, gettext_lazy("Record, in private"),
             gettext_lazy("All 21 capabilities or some of them. It stays with you until you publish it."),
             filled=_as_before(by)),
        Task("police", gettext_lazy("Note what the police have"), PoliceForm, _police, gettext_lazy("Note"),
             gettext_lazy("Never published: what a police force cannot do is of use to those it looks for.")),
    ]  # fmt: skip
    return desk(request, by, lambda: _overview(by), tasks if by.country in MEMBER_STATES else [])


def _as_before(by: Actor) -> dict[str, Any]:
    """The newest assessment's answers: what has not changed need not be written again."""
    newest = _ours(by).order_by("-as_of", "-pk").first()
    said: dict[str, Any] = {}
    for each in newest.assessed.all() if newest else ():
        said |= {
            f"phase_{each.number}": each.phase, f"why_{each.number}": each.why,
            f"evidence_{each.number}": each.evidence_url,
        }  # fmt: skip
    return said


def _overview(by: Actor) -> Desk:
    assessments = [cells(Cell(str(each), _there(each)), each.assessed.count(), _readers(each)) for each in _ours(by)]
    police = [
        cells(each.what, code_label(each.area), each.since, each.until, each.amount_eur, source(each.evidence_url))
        for each in PoliceCapability.objects.open_to(by)
    ]
    whose = by.country in MEMBER_STATES
    lead = _("How ready your state is, as you see it yourself. No state is ranked against another.")
    return Desk(
        title=_("Capabilities"),
        lead=lead if whose else _("A Member State assesses itself; your organisation speaks for none."),
        tables=[
            Table(
                _("Your assessments"), [_("Of"), _("Capabilities"), _("Who reads it")], assessments,
                _("There is none yet."),
            ),
            Table(
                _("Police, for your eyes alone"),
                [_("What"), _("Area"), _("Since"), _("Until"), _("Euros"), _("Where")],
                police,
                _("Nothing is noted yet."),
            ),
        ],
    )  # fmt: skip


@console_view(Act.COOPERATION_RECORD, methods=("GET", "POST"))
def assessment(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    found = _ours(by).get(pk=number)
    publish = Task(
        "publish", gettext_lazy("Publish it"), PublishForm, partial(_publish, number), gettext_lazy("Publish"),
        gettext_lazy("Everything below becomes public, and its gaps with it. What is copied cannot be taken back."),
    )  # fmt: skip
    private = Task(
        "private", gettext_lazy("Make it private"), forms.Form, partial(_make_private, number),
        gettext_lazy("Make it private"), gettext_lazy("From now on it is shown to nobody else."),
    )  # fmt: skip
    return desk(request, by, lambda: _about(found), [private if found.published_at else publish])


def _about(found: Assessment) -> Desk:
    rows = [
        cells(f"{each.number}. {capability(each.number).label}", phase_label(each.phase), each.why,
              source(each.evidence_url))
        for each in found.assessed.all()
    ]  # fmt: skip
    return Desk(
        title=_("Assessment of %(state)s as of %(on)s") % {"state": asking.state_name(found.state), "on": found.as_of},
        up=[Cell(_("Capabilities"), reverse("console:capabilities"))],
        facts=[fact(_("Who reads it"), _readers(found))],
        tables=[
            Table(
                _("%(n)s of 21 capabilities") % {"n": len(rows)},
                [_("Capability"), _("Phase"), _("Why"), _("Where")],
                rows,
            )
        ],
        trail=trail(f"assessment:{found.pk}"),
    )


def _ours(by: Actor) -> Any:
    return Assessment.objects.filter(recorded_by=by.organisation_id)


def _readers(each: Assessment) -> str:
    if each.published_at is None:
        return _("your organisation alone")
    return _("everybody, since %(on)s") % {"on": each.published_at.date()}


def _there(each: Assessment) -> str:
    return reverse("console:assessment", args=[each.pk])
