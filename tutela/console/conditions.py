"""A provider's twenty conditions: what is proved, what is missing, and the register of its technology."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tutela.accounts.models import Person
from tutela.accounts.policy import Act, Actor
from tutela.compliance import actions
from tutela.compliance.models import Evidence, Technology
from tutela.compliance.readiness import Advice, Detects, State, caveat
from tutela.console.access import console_view
from tutela.console.desks import Cell, Day, Table, Task, address, cells, desk, number, text
from tutela.console.words import code_label
from tutela.law.instruments import conditions


def _condition_choices() -> list[tuple[str, str]]:
    return [(each.condition, f"{each.condition}: {each.duty[:100]}") for each in conditions()]


class EvidenceForm(forms.Form):
    condition = forms.ChoiceField(label=gettext_lazy("Condition"), choices=_condition_choices)
    what = text(gettext_lazy("What shows that it is met"))
    on = Day(label=gettext_lazy("Its day"))
    valid_until = Day(label=gettext_lazy("Valid until"), required=False)
    responsible = forms.ChoiceField(label=gettext_lazy("Who answers for it"))
    link = address(gettext_lazy("Where it lies (an address that begins with https://)"))

    def for_actor(self, by: Actor) -> None:
        people = Person.objects.in_list(by.organisation_id).filter(ended_at__isnull=True)
        self.fields["responsible"].choices = [(each.pk, each.name) for each in people]


class WithdrawForm(forms.Form):
    evidence = forms.ChoiceField(label=gettext_lazy("Evidence"))
    reason = text(gettext_lazy("Why it no longer shows it"), rows=2)

    def for_actor(self, by: Actor) -> None:
        self.fields["evidence"].choices = [(each.pk, f"{each.condition}: {each.what[:80]}") for each in _live(by)]


class TechnologyForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Technology"), max_length=200)
    version = forms.CharField(label=gettext_lazy("Version"), max_length=100)
    detects = forms.MultipleChoiceField(
        label=gettext_lazy("What it detects"),
        choices=lambda: [(str(each), code_label(each)) for each in Detects],
        widget=forms.CheckboxSelectMultiple,
    )
    in_use_from = Day(label=gettext_lazy("In use from"))
    used_in_union_since = Day(label=gettext_lazy("Used in the Union by anybody since"))


class _OfOurs(forms.Form):
    technology = forms.ChoiceField(label=gettext_lazy("Technology"))

    def for_actor(self, by: Actor) -> None:
        self.fields["technology"].choices = [(each.pk, str(each)) for each in _ours(by)]


class ChangeForm(_OfOurs):
    assessment = forms.CharField(label=gettext_lazy("Impact assessment (reference)"), required=False, max_length=500)
    assessed_on = Day(label=gettext_lazy("Its day"), required=False)
    consultation = forms.CharField(label=gettext_lazy("Prior consultation (reference)"), required=False, max_length=500)
    consulted_on = Day(label=gettext_lazy("Its day"), required=False)
    advice = forms.ChoiceField(
        label=gettext_lazy("The authority's advice"), choices=lambda: [(str(each), code_label(each)) for each in Advice]
    )
    followed_up = text(gettext_lazy("How the advice was followed"), rows=2, required=False)
    followed_up_on = Day(label=gettext_lazy("Its day"), required=False)
    in_use_to = Day(label=gettext_lazy("In use until"), required=False)


class MeasurementForm(_OfOurs):
    first = Day(label=gettext_lazy("First day"))
    last = Day(label=gettext_lazy("Last day"))
    flagged = number(gettext_lazy("Flagged by itself"))
    reviewed = number(gettext_lazy("Of those, read by a person"))
    not_confirmed = number(gettext_lazy("Of those, not confirmed"))


def _ours(by: Actor) -> Any:
    return Technology.objects.filter(organisation=by.organisation_id).order_by("name", "version")


def _live(by: Actor) -> Any:
    found = Evidence.objects.filter(organisation=by.organisation_id, withdrawn_at=None)
    return found.select_related("responsible").order_by("condition", "-on")


def _evidence(*, by: Actor, responsible: str, **said: Any) -> str:
    actions.give_evidence(**said, responsible=Person.objects.get(pk=responsible), by=by)
    return _("The evidence is on record.")


def _withdraw(*, by: Actor, evidence: str, reason: str) -> str:
    actions.withdraw_evidence(int(evidence), reason=reason, by=by)
    return _("The evidence counts no more.")


def _technology(*, by: Actor, detects: list[str], **said: Any) -> str:
    actions.register_technology(**said, detects=frozenset(Detects(each) for each in detects), by=by)
    return _("The technology is registered.")


def _change(*, by: Actor, technology: str, **said: Any) -> str:
    actions.change_technology(int(technology), by=by, **said)
    return _("The entry is changed.")


def _measured(*, by: Actor, technology: str, **said: Any) -> str:
    actions.add_measurement(int(technology), by=by, **said)
    return _("The measurement is on record.")


TASKS = (
    Task("evidence", gettext_lazy("Give evidence"), EvidenceForm, _evidence, gettext_lazy("Give")),
    Task("withdraw", gettext_lazy("Withdraw evidence"), WithdrawForm, _withdraw, gettext_lazy("Withdraw")),
    Task("technology", gettext_lazy("Register a technology"), TechnologyForm, _technology, gettext_lazy("Register")),
    Task("change", gettext_lazy("Say what was assessed and advised"), ChangeForm, _change, gettext_lazy("Change")),
    Task("measured", gettext_lazy("Add measured errors"), MeasurementForm, _measured, gettext_lazy("Add")),
)


@console_view(Act.COMPLIANCE_EVIDENCE, methods=("GET", "POST"))
def conditions_page(request: HttpRequest, by: Actor) -> HttpResponse:
    return desk(
        request,
        by,
        title=_("Conditions"),
        lead=caveat(datetime.now(UTC).date()),
        tables=lambda: _tables(by),
        tasks=TASKS,
    )


def _tables(by: Actor) -> list[Table]:
    today = datetime.now(UTC).date()
    found = actions.readiness_of(by.organisation_id or 0, on=today, by=by)
    conditions_rows = [
        cells(
            each.condition.condition,
            each.condition.duty,
            Cell(code_label(each.state), strong=each.state is State.MISSING),
            "; ".join(each.reasons),
        )
        for each in found
    ]
    technology_rows = [
        cells(each.name, each.version, ", ".join(map(code_label, each.detects)), str(each.in_use_from),
              each.assessment or _("none"), each.consultation or _("none"), code_label(each.advice))
        for each in _ours(by)
    ]  # fmt: skip
    evidence_rows = [
        cells(each.condition, each.what, str(each.on), str(each.valid_until or ""), each.responsible.name,
              Cell(_("open"), each.link) if each.link else _("by its hash"))
        for each in _live(by)
    ]  # fmt: skip
    columns = [_("Technology"), _("Version"), _("Detects"), _("In use from"), _("Assessment"), _("Consultation")]
    return [
        Table(
            _("The twenty conditions, computed from what is on record"),
            [_("Number"), _("Condition"), _("State"), _("Why")],
            conditions_rows,
            "",
        ),
        Table(_("Technology"), [*columns, _("Advice")], technology_rows, _("No technology is registered.")),
        Table(
            _("Evidence"),
            [_("Condition"), _("What"), _("Day"), _("Valid until"), _("Responsible"), _("Where")],
            evidence_rows,
            _("No evidence is on record."),
        ),
    ]
