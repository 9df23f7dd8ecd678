"""What industry promised in public, and the proof: a provider offers it, the Union's policy body accepts it."""

from functools import partial
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tutela.accounts.models import Organisation
from tutela.accounts.policy import Act, Actor, Relation, relations
from tutela.console import asking
from tutela.console.access import console_view
from tutela.console.acting import DropForm, FinishForm, closing_facts, late_by, open_tasks
from tutela.console.desks import Cell, Desk, Done, Table, Task, cells, desk, fact, source, trail
from tutela.console.forum import keeps_the_record
from tutela.cooperation import actions
from tutela.cooperation.models import Commitment, Proof
from tutela.law import dates


class CommitmentForm(forms.Form):
    what = asking.text(gettext_lazy("What was promised"))
    provider = forms.ModelChoiceField(
        Organisation.objects.filter(kind=Organisation.Kind.PROVIDER).order_by("name"),
        label=gettext_lazy("By a provider that is known here"),
        required=False,
    )
    company = forms.CharField(label=gettext_lazy("Or by a company"), required=False, max_length=200)
    made_on = asking.Day(label=gettext_lazy("Promised on"))
    due = asking.Day(label=gettext_lazy("By which day"), required=False)
    source_url = asking.address(gettext_lazy("Where it was promised (address)"))


class ProofForm(forms.Form):
    what = asking.text(gettext_lazy("What shows that it is kept"))
    url = asking.address(gettext_lazy("Where anybody can see it (address)"))
    on = asking.Day(label=gettext_lazy("Kept since which day"))


class AcceptForm(forms.Form):
    proof = forms.ModelChoiceField(Proof.objects.none(), label=gettext_lazy("Proof"))
    looked = forms.BooleanField(label=gettext_lazy("I looked at it where it lies"))


def _accept_form(found: Commitment) -> type[forms.Form]:
    class Here(AcceptForm):
        def for_actor(self, by: Actor) -> None:
            self.fields["proof"].queryset = found.proofs.filter(accepted_at=None)
            self.fields["proof"].label_from_instance = lambda each: f"{each.on}: {each.what[:80]}"

    return Here


def _record(*, by: Actor, **said: Any) -> Done:
    made = actions.record_commitment(**said, by=by)
    return Done(_("The commitment is on record."), _there(made))


def _offer(number: int, *, by: Actor, **said: Any) -> Done:
    actions.offer_proof(number, **said, by=by)
    return Done(_("The proof is offered; it counts once the Union's policy body has accepted it."))


def _accept(*, by: Actor, proof: Proof, looked: bool) -> Done:
    actions.accept_proof(proof.pk, by=by)
    return Done(_("The commitment is kept, as of the proof's own day."))


def _keep(number: int, *, by: Actor, **said: Any) -> Done:
    actions.keep_commitment(number, **said, by=by)
    return Done(_("The commitment is kept."))


def _withdraw(number: int, *, by: Actor, reason: str) -> Done:
    actions.withdraw_commitment(number, reason=reason, by=by)
    return Done(_("The commitment is withdrawn, with the reason."))


def _reopen(number: int, *, by: Actor) -> Done:
    actions.reopen_commitment(number, by=by)
    return Done(_("The commitment is open again; an accepted proof stays on record."))


@console_view(Act.COOPERATION_FORUM, Act.COOPERATION_PROVE, methods=("GET", "POST"))
def commitments(request: HttpRequest, by: Actor) -> HttpResponse:
    title, button = gettext_lazy("Record a commitment"), gettext_lazy("Record")
    task = Task("commitment", title, CommitmentForm, _record, button)
    return desk(request, by, lambda: _list(by), [task] if keeps_the_record(by) and _of_the_forum(by) else [])


def _list(by: Actor) -> Desk:
    rows = [
        cells(
            Cell(each.what, _there(each) if _is_open_to(each, by) else ""),
            each.of,
            each.made_on,
            each.due,
            _stands(each),
            each.proofs.filter(accepted_at=None).count() if _is_open_to(each, by) else "",
        )
        for each in _shown_to(by).select_related("provider").order_by("made_on", "pk")
    ]
    columns = [_("Commitment"), _("Of"), _("Promised on"), _("By"), _("Stands"), _("Proofs that wait")]
    return Desk(
        title=_("Commitments"),
        lead=_("What industry promised in public, and what shows that it is kept."),
        tables=[Table(_("Commitments, the oldest first"), columns, rows, _("No commitment is on record."))],
    )


@console_view(Act.COOPERATION_FORUM, Act.COOPERATION_PROVE, methods=("GET", "POST"))
def commitment(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    found = _shown_to(by).select_related("provider").get(pk=number)
    if not _is_open_to(found, by):
        raise Commitment.DoesNotExist
    return desk(request, by, lambda: _about(found), _tasks(found, by))


def _tasks(found: Commitment, by: Actor) -> list[Task]:
    number = found.pk
    if not _of_the_forum(by):
        title, button = gettext_lazy("Offer a proof"), gettext_lazy("Offer")
        return open_tasks([Task("offer", title, ProofForm, partial(_offer, number), button)], found)
    tasks = [
        Task("finish", gettext_lazy("It is kept, by a public source"), FinishForm, partial(_keep, number),
             gettext_lazy("Record"), gettext_lazy("For a company that offers no proof here itself.")),
        Task("drop", gettext_lazy("It is withdrawn"), DropForm, partial(_withdraw, number), gettext_lazy("Record")),
        Task("reopen", gettext_lazy("Open it again"), forms.Form, partial(_reopen, number),
             gettext_lazy("Open it again")),
    ]  # fmt: skip
    if found.proofs.filter(accepted_at=None).exists():
        title, button = gettext_lazy("Accept a proof"), gettext_lazy("Accept")
        tasks.insert(0, Task("accept", title, _accept_form(found), _accept, button))
    return open_tasks(tasks, found) if keeps_the_record(by) else []


def _about(found: Commitment) -> Desk:
    rows = [
        cells(each.what, each.on, source(each.url), each.offered_by.name, each.offered_at.date(),
              _("accepted on %(on)s") % {"on": each.accepted_at.date()} if each.accepted_at else _("waits"))
        for each in found.proofs.select_related("offered_by")
    ]  # fmt: skip
    return Desk(
        title=_("Commitment of %(company)s") % {"company": found.of},
        lead=found.what,
        up=[Cell(_("Commitments"), reverse("console:commitments"))],
        facts=[
            fact(_("Stands"), _stands(found)),
            fact(_("Promised on"), found.made_on),
            fact(_("By which day"), found.due or _("none was named")),
            fact(_("Source"), source(found.source_url)),
            *closing_facts(found),
        ],
        tables=[
            Table(
                _("Proofs"), [_("What"), _("Kept since"), _("Where"), _("Offered by"), _("On"), _("Stands")], rows,
                _("No proof was offered yet."),
            )
        ],
        trail=trail(f"commitment:{found.pk}"),
    )  # fmt: skip


def _of_the_forum(by: Actor) -> bool:
    return Relation.OWN in relations(by, Act.COOPERATION_FORUM)


def _shown_to(by: Actor) -> "QuerySet[Commitment]":
    """Every one is public; a provider's own desk holds its own."""
    every = Commitment.objects.all()
    return every if _of_the_forum(by) else every.filter(provider=by.organisation_id)


def _is_open_to(found: Commitment, by: Actor) -> bool:
    """Proofs that nobody has accepted are read by whoever offered them and by whoever must decide."""
    owner = found.recorded_by_id if _of_the_forum(by) else found.provider_id
    return owner == by.organisation_id


def _stands(found: Commitment) -> Cell:
    late, today = found.days_late(dates.today()), dates.today()
    if not late:
        return Cell(_(found.said(today)))
    return Cell(late_by(late), strong=True)


def _there(found: Commitment) -> str:
    return reverse("console:commitment", args=[found.pk])
