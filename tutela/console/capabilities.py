"""A state's own assessment of its 21 capabilities, and of its police: private until the state publishes the former."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tutela.accounts.models import Organisation
from tutela.accounts.policy import Act, Actor
from tutela.console.access import console_view
from tutela.console.desks import Day, Table, Task, address, cells, desk, number, text
from tutela.console.words import code_label
from tutela.cooperation import actions
from tutela.cooperation.actions import Phase
from tutela.cooperation.capabilities import capabilities, phase_label
from tutela.cooperation.models import Assessment, PoliceCapability
from tutela.cooperation.rules import Area

_PHASES = [("", gettext_lazy("not assessed")), *((str(number), phase_label(number)) for number in range(1, 5))]


class AssessForm(forms.Form):
    as_of = Day(label=gettext_lazy("As of"))

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        for each in capabilities():
            name = f"capability_{each.number}"
            self.fields[name] = forms.ChoiceField(label=f"{each.number}. {each.label}", choices=_PHASES, required=False)
            self.fields[f"why_{each.number}"] = forms.CharField(
                label=_("Why %(number)s stands there") % {"number": each.number}, required=False, max_length=2_000
            )


class _OfAssessment(forms.Form):
    assessment = forms.ChoiceField(label=gettext_lazy("Assessment"))
    is_public = False

    def for_actor(self, by: Actor) -> None:
        mine = Assessment.objects.filter(recorded_by=by.organisation_id, published_at__isnull=not self.is_public)
        self.fields["assessment"].choices = [(each.pk, str(each)) for each in mine]


class PublishForm(_OfAssessment):
    sure = forms.BooleanField(label=gettext_lazy("Everybody may read this assessment from now on"))


class PrivateForm(_OfAssessment):
    is_public = True


class PoliceForm(forms.Form):
    area = forms.ChoiceField(
        label=gettext_lazy("Area"), choices=lambda: [(str(each), code_label(each)) for each in Area]
    )
    what = text(gettext_lazy("What there is"))
    since = Day(label=gettext_lazy("Since"))
    until = Day(label=gettext_lazy("Until"), required=False)
    amount_eur = number(gettext_lazy("Euros (funding only)"), required=False)
    evidence_url = address(gettext_lazy("Where it can be seen (address)"), required=False)


def _state_of(by: Actor) -> str:
    return Organisation.objects.get(pk=by.organisation_id).country


def _assess(*, by: Actor, as_of: Any, **said: str) -> str:
    given = [
        Phase(number=each.number, phase=int(phase), why=said[f"why_{each.number}"])
        for each in capabilities()
        if (phase := said[f"capability_{each.number}"])
    ]
    actions.assess(state=_state_of(by), as_of=as_of, phases=given, by=by)
    return _("The assessment is on record, and private.")


def _publish(*, by: Actor, assessment: str, sure: bool) -> str:
    actions.publish(int(assessment), by=by)
    return _("The assessment is published.")


def _make_private(*, by: Actor, assessment: str) -> str:
    actions.make_private(int(assessment), by=by)
    return _("The assessment is private again; what was copied meanwhile cannot be taken back.")


def _police(*, by: Actor, **said: Any) -> str:
    actions.note_police_capability(state=_state_of(by), **said, by=by)
    return _("Written down; nobody else ever reads it.")


TASKS = (
    Task("assess", gettext_lazy("Assess your state"), AssessForm, _assess, gettext_lazy("Record"),
         gettext_lazy("Of all 21 capabilities or of some. It stays with you until you publish it.")),
    Task("publish", gettext_lazy("Publish an assessment"), PublishForm, _publish, gettext_lazy("Publish")),
    Task("private", gettext_lazy("Make an assessment private"), PrivateForm, _make_private,
         gettext_lazy("Make private")),
    Task("police", gettext_lazy("Note what the police have"), PoliceForm, _police, gettext_lazy("Note"),
         gettext_lazy("Never published: what a police force cannot do is of use to those it looks for.")),
)  # fmt: skip


@console_view(Act.COOPERATION_RECORD, methods=("GET", "POST"))
def capabilities_page(request: HttpRequest, by: Actor) -> HttpResponse:
    return desk(
        request,
        by,
        title=_("Capabilities"),
        lead=_("How ready your state is, as you see it yourself. No state is ranked against another."),
        tables=lambda: _tables(by),
        tasks=TASKS,
    )


def _tables(by: Actor) -> list[Table]:
    assessments = [
        cells(
            str(each),
            each.assessed.count(),
            _("published %(on)s") % {"on": each.published_at.date()} if each.published_at else _("private"),
        )
        for each in Assessment.objects.filter(recorded_by=by.organisation_id)
    ]
    police = [
        cells(code_label(each.area), each.what, str(each.since), str(each.until or ""), each.amount_eur or "")
        for each in PoliceCapability.objects.open_to(by)
    ]
    return [
        Table(
            _("Your assessments"), [_("Of"), _("Capabilities"), _("Who reads it")], assessments, _("There is none yet.")
        ),
        Table(
            _("Police"), [_("Area"), _("What"), _("Since"), _("Until"), _("Euros")], police, _("Nothing is noted yet.")
        ),
    ]
