"""A provider's twenty conditions: what is proved, what is missing and why. Computed from papers, never ticked."""

from functools import partial
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tutela.accounts.models import Person
from tutela.accounts.policy import Act, Actor
from tutela.compliance import actions
from tutela.compliance.models import Evidence, Technology
from tutela.compliance.readiness import Readiness, State, caveat
from tutela.console import asking
from tutela.console.access import console_view
from tutela.console.desks import Cell, Desk, Done, Table, Task, cells, desk, fact, source
from tutela.console.words import code_label
from tutela.law import dates
from tutela.law.instruments import conditions


class EvidenceForm(forms.Form):
    what = asking.text(gettext_lazy("What shows that it is met"))
    on = asking.Day(label=gettext_lazy("Its day"))
    valid_until = asking.Day(label=gettext_lazy("Valid until"), required=False)
    responsible = forms.ModelChoiceField(Person.objects.none(), label=gettext_lazy("Who answers for it"))
    link = asking.address(
        gettext_lazy("Where it lies"), help_text=gettext_lazy("An address that begins with https://."), required=False
    )
    sha256 = forms.RegexField(
        r"^[0-9a-fA-F]{64}\Z",
        label=gettext_lazy("Or the document's SHA-256"),
        help_text=gettext_lazy("64 hexadecimal digits, where it has no address."),
        required=False,
    )

    def for_actor(self, by: Actor) -> None:
        people = Person.objects.in_list(by.organisation_id).filter(ended_at__isnull=True)
        self.fields["responsible"].queryset = people
        self.fields["responsible"].label_from_instance = lambda each: each.name


class WithdrawForm(forms.Form):
    evidence = forms.ModelChoiceField(Evidence.objects.none(), label=gettext_lazy("Evidence"))
    reason = asking.text(gettext_lazy("Why it no longer shows it"), rows=2)


def _withdraw_form(given: "QuerySet[Evidence]") -> type[forms.Form]:
    """Only of this condition, only what still counts."""

    class Here(WithdrawForm):
        def for_actor(self, by: Actor) -> None:
            self.fields["evidence"].queryset = given.filter(withdrawn_at=None)
            self.fields["evidence"].label_from_instance = lambda each: f"{each.on}: {each.what[:80]}"

    return Here


def _give(condition: str, *, by: Actor, sha256: str, **said: Any) -> Done:
    digest = bytes.fromhex(sha256) if sha256 else None
    actions.give_evidence(condition=condition, sha256=digest, **said, by=by)
    return Done(_("The evidence is on record."))


def _withdraw(*, by: Actor, evidence: Evidence, reason: str) -> Done:
    actions.withdraw_evidence(evidence.pk, reason=reason, by=by)
    return Done(_("The evidence counts no more; it stays on record with the reason."))


@console_view(Act.COMPLIANCE_EVIDENCE)
def overview(request: HttpRequest, by: Actor) -> HttpResponse:
    return desk(request, by, lambda: _overview(by))


def _overview(by: Actor) -> Desk:
    found = _found(by)
    rows = [
        cells(_condition(each.condition.condition), each.condition.duty, _state(each), " ".join(each.reasons))
        for each in found
    ]
    missing = sum(each.state is State.MISSING for each in found)
    used = Technology.objects.filter(organisation=by.organisation_id).count()
    not_ready = _("Not ready: %(n)s of %(all)s are missing today.") % {"n": missing, "all": len(found)}
    return Desk(
        title=_("The twenty conditions"),
        lead=caveat(dates.today()) or _("What you can prove today. Nobody else reads it."),
        facts=[
            fact(_("Computed today"), not_ready if missing else _("Ready: nothing is missing today.")),
            fact(
                _("Your technology"),
                Cell(
                    ngettext("%(n)s version in the register", "%(n)s versions in the register", used) % {"n": used},
                    reverse("console:technologies"),
                ),
            ),
        ],
        tables=[
            Table(
                _("Computed from what is on record; nobody can tick it"),
                [_("Number"), _("Condition"), _("State"), _("Why")],
                rows,
            )
        ],
    )


@console_view(Act.COMPLIANCE_EVIDENCE, methods=("GET", "POST"))
def condition(request: HttpRequest, by: Actor, condition: str) -> HttpResponse:
    if condition not in {each.condition for each in conditions()}:
        raise Http404
    given = Evidence.objects.filter(organisation=by.organisation_id, condition=condition)
    tasks = [
        Task("evidence", gettext_lazy("Give evidence"), EvidenceForm, partial(_give, condition), gettext_lazy("Give"),
             gettext_lazy("The document stays where it is; only its address or its hash is kept here.")),
    ]  # fmt: skip
    if given.filter(withdrawn_at=None).exists():
        form = _withdraw_form(given)
        tasks.append(Task("withdraw", gettext_lazy("Withdraw evidence"), form, _withdraw, gettext_lazy("Withdraw")))
    return desk(request, by, lambda: _about(condition, given, by), tasks)


def _about(condition: str, given: "QuerySet[Evidence]", by: Actor) -> Desk:
    found = next(each for each in _found(by) if each.condition.condition == condition)
    asked = Technology.objects.filter(pk__in=found.technologies)
    links = [Cell(str(each), reverse("console:technology", args=[each.pk])) for each in asked]
    return Desk(
        title=_("Condition %(number)s") % {"number": condition},
        lead=found.condition.duty,
        up=[Cell(_("The twenty conditions"), reverse("console:conditions"))],
        facts=[
            fact(_("State today"), _state(found)),
            fact(_("Why"), *found.reasons),
            fact(_("Provision"), found.condition.id),
            *([fact(_("Technology it is asked of"), *links)] if links else []),
        ],
        tables=[
            Table(
                _("Evidence"),
                [_("What"), _("Its day"), _("Valid until"), _("Who answers for it"), _("Where"), _("Counts")],
                [
                    cells(each.what, each.on, each.valid_until or _("without end"), each.responsible.name,
                          source(each.link) if each.link else f"SHA-256 {bytes(each.sha256).hex()}", _counts(each))
                    for each in given.select_related("responsible").order_by("withdrawn_at", "-on", "-pk")
                ],
                _("No evidence is on record."),
            )
        ],
    )  # fmt: skip


def _counts(given: Evidence) -> str:
    if given.withdrawn_at is not None:
        return _("withdrawn on %(on)s: %(why)s") % {"on": given.withdrawn_at.date(), "why": given.withdrawn_reason}
    if given.valid_until is not None and given.valid_until < dates.today():
        return _("no more: it ended")
    return _("yes")


def _found(by: Actor) -> tuple[Readiness, ...]:
    return actions.readiness_of(by.organisation_id or 0, on=dates.today(), by=by)


def _state(found: Readiness) -> Cell:
    return Cell(code_label(found.state), strong=found.state is State.MISSING)


def _condition(number: str) -> Cell:
    return Cell(number, reverse("console:condition", args=[number]))
