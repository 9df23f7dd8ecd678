"""The Internet Forum's decisions, what industry promised, and the proofs it offers; partners, and on which ground."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tutela.accounts.models import Organisation
from tutela.accounts.policy import Act, Actor
from tutela.console.access import console_view
from tutela.console.desks import Cell, Day, Table, Task, address, cells, desk, text
from tutela.console.words import code_label
from tutela.cooperation import actions
from tutela.cooperation.models import Commitment, Decision, Meeting, Partner, Proof
from tutela.cooperation.rules import PartnerKind, State
from tutela.law.sources import Certainty


class MeetingForm(forms.Form):
    held_on = Day(label=gettext_lazy("Held on"))
    title = forms.CharField(label=gettext_lazy("Title"), max_length=300)
    source_url = address(gettext_lazy("Source (address)"))


class DecisionForm(forms.Form):
    meeting = forms.ChoiceField(
        label=gettext_lazy("Meeting"), choices=lambda: [(each.pk, str(each)) for each in Meeting.objects.all()]
    )
    what = text(gettext_lazy("What was decided"))
    owner = forms.CharField(label=gettext_lazy("Who does it"), max_length=200)
    due = Day(label=gettext_lazy("By which day"), required=False)


class FinishForm(forms.Form):
    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=lambda: [(each.pk, each.what[:80]) for each in Decision.objects.filter(state=State.OPEN)],
    )
    on = Day(label=gettext_lazy("Done on"))
    evidence_url = address(gettext_lazy("Where anybody can see it (address)"))


class CommitmentForm(forms.Form):
    what = text(gettext_lazy("What was promised"))
    provider = forms.ChoiceField(label=gettext_lazy("By a provider that is known here"), required=False)
    company = forms.CharField(label=gettext_lazy("Or by a company"), required=False, max_length=200)
    made_on = Day(label=gettext_lazy("Promised on"))
    due = Day(label=gettext_lazy("By which day"), required=False)
    source_url = address(gettext_lazy("Source (address)"))

    def for_actor(self, by: Actor) -> None:
        known = Organisation.objects.filter(kind="provider").order_by("name")
        self.fields["provider"].choices = [("", "–"), *((each.pk, each.name) for each in known)]


class AcceptForm(forms.Form):
    proof = forms.ChoiceField(
        label=gettext_lazy("Proof"),
        choices=lambda: [
            (each.pk, f"{each.commitment.of}: {each.what[:80]}")
            for each in Proof.objects.filter(accepted_at=None).select_related("commitment__provider")
        ],
    )


class PartnerForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=lambda: [(str(each), code_label(each)) for each in PartnerKind]
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    country = forms.CharField(
        label=gettext_lazy("Country (two letters; empty: worldwide)"), max_length=2, required=False
    )
    url = address(gettext_lazy("Address"), required=False)
    exchanged = text(gettext_lazy("What is exchanged"))
    ground = forms.CharField(label=gettext_lazy("On which ground (a provision)"), max_length=100)
    source_url = address(gettext_lazy("Source (address)"))
    checked_on = Day(label=gettext_lazy("Checked on"))
    certainty = forms.ChoiceField(
        label=gettext_lazy("How sure"), choices=lambda: [(str(each), code_label(each)) for each in Certainty]
    )


class ProofForm(forms.Form):
    commitment = forms.ChoiceField(label=gettext_lazy("What you promised"))
    what = text(gettext_lazy("What shows that it is kept"))
    url = address(gettext_lazy("Where anybody can see it (address)"))
    on = Day(label=gettext_lazy("Since which day"))

    def for_actor(self, by: Actor) -> None:
        mine = Commitment.objects.filter(provider=by.organisation_id, state=State.OPEN)
        self.fields["commitment"].choices = [(each.pk, each.what[:80]) for each in mine]


def _meeting(*, by: Actor, **said: Any) -> str:
    actions.record_meeting(**said, by=by)
    return _("The meeting is on record.")


def _decision(*, by: Actor, meeting: str, **said: Any) -> str:
    actions.record_decision(int(meeting), **said, by=by)
    return _("The decision is on record.")


def _finish(*, by: Actor, decision: str, **said: Any) -> str:
    actions.finish_decision(int(decision), **said, by=by)
    return _("The decision is carried out.")


def _commitment(*, by: Actor, provider: str, **said: Any) -> str:
    known = Organisation.objects.get(pk=provider) if provider else None
    actions.record_commitment(**said, provider=known, by=by)
    return _("The promise is on record.")


def _accept(*, by: Actor, proof: str) -> str:
    actions.accept_proof(int(proof), by=by)
    return _("The promise is kept, as of the proof's own day.")


def _partner(*, by: Actor, **said: Any) -> str:
    actions.add_partner(**said, by=by)
    return _("The partner is on record; the public reads it once it is verified.")


def _proof(*, by: Actor, commitment: str, **said: Any) -> str:
    actions.offer_proof(int(commitment), **said, by=by)
    return _("The proof is offered; the Union's policy body looks at it.")


FORUM_TASKS = (
    Task("meeting", gettext_lazy("Record a meeting"), MeetingForm, _meeting, gettext_lazy("Record")),
    Task("decision", gettext_lazy("Record a decision"), DecisionForm, _decision, gettext_lazy("Record")),
    Task("finish", gettext_lazy("A decision is carried out"), FinishForm, _finish, gettext_lazy("Record")),
    Task("commitment", gettext_lazy("Record a promise of industry"), CommitmentForm, _commitment,
         gettext_lazy("Record")),
    Task("accept", gettext_lazy("Accept a proof"), AcceptForm, _accept, gettext_lazy("Accept")),
    Task("partner", gettext_lazy("Add a partner"), PartnerForm, _partner, gettext_lazy("Add")),
)  # fmt: skip
PROMISE_TASKS = (Task("proof", gettext_lazy("Offer a proof"), ProofForm, _proof, gettext_lazy("Offer")),)


@console_view(Act.COOPERATION_FORUM, methods=("GET", "POST"))
def forum(request: HttpRequest, by: Actor) -> HttpResponse:
    return desk(
        request,
        by,
        title=_("Forum, industry, partners"),
        lead=_("What the EU Internet Forum decided, what industry promised, and with whom we work on which ground."),
        tables=lambda: [_decisions(), _commitments(Commitment.objects.all()), _partners(by)],
        tasks=FORUM_TASKS,
    )


@console_view(Act.COOPERATION_PROVE, methods=("GET", "POST"))
def promises(request: HttpRequest, by: Actor) -> HttpResponse:
    return desk(
        request,
        by,
        title=_("Promises"),
        lead=_("What your company promised in public, and what shows that it is kept."),
        tables=lambda: [_commitments(Commitment.objects.filter(provider=by.organisation_id))],
        tasks=PROMISE_TASKS,
    )


def _decisions() -> Table:
    today = datetime.now(UTC).date()
    rows = [
        cells(str(each.meeting), each.what, each.owner, str(each.due or ""), code_label(each.standing(today)))
        for each in Decision.objects.select_related("meeting").order_by("due", "pk")
    ]
    columns = [_("Meeting"), _("Decision"), _("Who"), _("By"), _("Stands")]
    return Table(_("Decisions"), columns, rows, _("No decision is on record."))


def _commitments(found: Any) -> Table:
    today = datetime.now(UTC).date()
    rows = [
        cells(each.of, each.what, str(each.made_on), str(each.due or ""), code_label(each.standing(today)),
              each.proofs.count(), Cell(_("source"), each.source_url))
        for each in found.select_related("provider").order_by("made_on", "pk")
    ]  # fmt: skip
    columns = [_("Of"), _("Promise"), _("Made"), _("By"), _("Stands"), _("Proofs"), _("Source")]
    return Table(_("Promises"), columns, rows, _("No promise is on record."))


def _partners(by: Actor) -> Table:
    rows = [
        cells(each.name, code_label(each.kind), each.country, each.exchanged, each.ground, code_label(each.certainty))
        for each in Partner.objects.open_to(by)
    ]
    columns = [_("Name"), _("Kind"), _("Country"), _("What is exchanged"), _("Ground"), _("How sure")]
    return Table(_("Partners"), columns, rows, _("No partner was added here; those that ship are on the public page."))
