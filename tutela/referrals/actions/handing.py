"""Prepare a case for the competent authorities and hand it over, once to each and to nobody else."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from django.db import transaction

from tutela.accounts.models import Organisation
from tutela.accounts.moves import NotInThisState
from tutela.accounts.policy import Act, Actor, NotYours, check_may
from tutela.audit import actions as audit
from tutela.audit.rules import actor_text
from tutela.cases import actions as cases
from tutela.cases import rules as case_rules
from tutela.cases.actions.scoring import score
from tutela.cases.known import check_grounds_stand, is_to_be_recognised
from tutela.cases.models import Case
from tutela.indicators.models import Indicator
from tutela.keys import actions as keys
from tutela.law.competence import Choice
from tutela.law.dates import today
from tutela.referrals import rules
from tutela.referrals.dossier import Told, write_dossier
from tutela.referrals.models import Dossier, Referral
from tutela.reports import actions as reports
from tutela.reports.models import Match
from tutela.reports.places import country_hints
from tutela.seals.canonical import digest

BUNDLE = "bundle"


def about(dossier: Dossier, what: str) -> str:
    return f"dossier:{dossier.key_id}:{what}"


@transaction.atomic
def prepare(number: int, *, by: Actor) -> list[Referral]:
    """Choose the authorities of a case that two people confirmed; nothing leaves the house yet.

    Raises NotYours, and the cases' NotInThisState where the case is not confirmed.
    """
    case = _confirmed(number, by)
    return _prepared(case, _opened(case, by), by)


@transaction.atomic
def hand_over(number: int, *, by: Actor) -> list[Referral]:
    """Give every competent authority its dossier. Again, it gives only what was not given: nobody is told twice."""
    case = _confirmed(number, by)
    told = _opened(case, by)
    referrals = _prepared(case, told, by)
    unsealed = [each for each in referrals if each.dossier_sha256 is None]
    why = {choice.authority: choice.reason for choice in _choices(told)} if unsealed else {}
    whole = _with_originals(told, unsealed, by)
    for referral in referrals:
        if referral.state in rules.NOT_YET_GIVEN:
            _give(referral, case, whole, by, why=why.get(referral.authority, ""))
    if case.state == case_rules.CONFIRMED and any(each.handed_over_at for each in referrals):
        cases.tell_referred(case.number, by=by)
    return referrals


@transaction.atomic
def send_back(number: int, *, by: Actor) -> Case:
    """Have a confirmed case read anew by two people. Raises NotYours, NotInThisState once a dossier was sealed."""
    case = _locked_case(number, by)
    held = Referral.objects.select_for_update().filter(case=case)
    if held.filter(dossier_sha256__isnull=False).exists():
        raise NotInThisState("a dossier of this case was sealed: what it says stays as two people read it", case.state)
    for referral in held:
        # The authorities are chosen anew from what is then read.
        audit.record("referral.dropped", by=by, subject=referral.subject, recipient=referral.authority)
    held.delete()
    return cases.read_anew(number, by=by)


@transaction.atomic
def give_outside(number: int, *, by: Actor) -> Referral:
    """Write down that somebody carried the dossier to an authority that is not in this installation."""
    check_may(by, Act.REFERRAL_HAND_OVER)
    referral = locked_after_its_case(number)
    if referral is None:
        raise NotYours("no such referral")
    referral.state = rules.check_move(referral.state, "give outside")
    referral.handed_over_at, referral.handed_over_by = datetime.now(UTC), actor_text(by)
    referral.save()
    audit.record("referral.given_outside", by=by, subject=referral.subject, recipient=referral.authority)
    if Case.objects.get(pk=referral.case_id).state == case_rules.CONFIRMED:
        cases.tell_referred(referral.case_id, by=by)
    return referral


def locked_after_its_case(number: int) -> Referral | None:
    """The case first, as handing over does: two who lock in two orders wait for each other for ever."""
    of_it = Referral.objects.filter(pk=number).values("case")
    list(Case.objects.select_for_update().filter(pk__in=of_it))
    return Referral.objects.select_for_update(of=("self",)).select_related("case").filter(pk=number).first()


def _confirmed(number: int, by: Actor) -> Case:
    case = _locked_case(number, by)
    if case.state != case_rules.REFERRED:
        case_rules.check_move(case.state, "refer")
    return case


def _locked_case(number: int, by: Actor) -> Case:
    check_may(by, Act.REFERRAL_HAND_OVER)
    case = Case.objects.select_for_update().filter(pk=number).first()
    if case is None:
        raise NotYours("no such case")
    return case


def _opened(case: Case, by: Actor) -> list[Told]:
    """Every opening leaves its row; what was erased meanwhile can no longer be handed to anyone.

    Locked, so that nothing is erased or completed between the opening and the sealing.
    """
    found = list(case.gathered().filter(erased_at=None).select_for_update(of=("self",)).order_by("number"))
    if case.state == case_rules.CONFIRMED:
        _check_as_read(case)
    purpose = reports.Purpose.REFERRAL
    return [Told(report, reports.open_message(report.number, by=by, purpose=purpose)) for report in found]


def _check_as_read(case: Case) -> None:
    """What leaves is what two people read, on grounds that still stand. A sealed dossier stays what it was."""
    if Referral.objects.filter(case=case, dossier_sha256__isnull=False).exists():
        return
    if case.completed_since_first_read():
        raise NotInThisState(
            "a report of this case was completed after it was read: send it back, so that two people read it anew",
            case.state,
        )
    if case.recognised_at is not None or is_to_be_recognised(case):
        raise NotInThisState(
            "an item of this case became known after it was read: look at it again, or send it back to be read anew",
            case.state,
        )
    # Whoever withdraws or doubts one of these waits until this is over, and then sees whom to correct.
    matched = Match.objects.filter(item__report__in=case.members.values("report_id"))
    list(Indicator.objects.select_for_update(no_key=True).filter(pk__in=matched.values("indicator")).order_by("pk"))
    try:
        check_grounds_stand(case)
    except case_rules.NotDecidable as fallen:
        sentence = f"a ground no longer stands ({fallen}): send it back, so that two people read it anew"
        raise NotInThisState(sentence, case.state) from None
    score([case])


def _with_originals(told: Sequence[Told], referrals: Sequence[Referral], by: Actor) -> list[Told]:
    """Opened once for all who receive them; the row names each of them."""
    purpose, recipient = reports.Purpose.REFERRAL, " ".join(each.authority for each in referrals)
    return [
        Told(
            each.report,
            each.message,
            reports.open_originals(each.report.number, by=by, purpose=purpose, recipient=recipient),
        )
        for each in (told if referrals else ())
    ]


def _prepared(case: Case, told: Sequence[Told], by: Actor) -> list[Referral]:
    held = {referral.authority: referral for referral in Referral.objects.select_for_update().filter(case=case)}
    if not held:
        for choice in _choices(told):
            held[choice.authority] = _prepare(case, choice, by)
    return list(held.values())


def _choices(told: Sequence[Told]) -> Iterable[Choice]:
    if not told:
        raise NotInThisState("every report of this case was erased: nothing is left to hand over")
    hints = list(dict.fromkeys(hint for each in told for hint in country_hints(each.message)))
    # Where no state is named the seat of the provider decides that told us first.
    provider = told[0].report.organisation
    return rules.authorities_for(
        hints,
        establishment=provider.country,
        representative=provider.representative_country,
        on=today(),
    )


def _prepare(case: Case, choice: Choice, by: Actor) -> Referral:
    referral = Referral.objects.create(
        case=case,
        authority=choice.authority,
        recipient_country=choice.country,
        reason=choice.source,
        ground=choice.ground,
    )
    details = {"case": case.number, "country": choice.country, "ground": choice.ground}
    audit.record("referral.prepared", by=by, subject=referral.subject, recipient=choice.authority, details=details)
    return referral


def _give(referral: Referral, case: Case, told: Sequence[Told], by: Actor, *, why: str) -> None:
    referral.organisation = Organisation.objects.filter(authority=referral.authority).first()
    move = "hand over" if referral.organisation else "keep for outside"
    if referral.state == rules.OUTSIDE and referral.organisation is None:
        return
    if referral.dossier_sha256 is None:
        referral.dossier_sha256 = _seal_dossier(referral, case, told, by, why=why)
    referral.state = rules.check_move(referral.state, move)
    if referral.organisation:
        referral.handed_over_at, referral.handed_over_by = datetime.now(UTC), actor_text(by)
    referral.save()
    audit.record(
        f"referral.{'handed_over' if referral.organisation else 'kept_for_outside'}",
        by=by,
        subject=referral.subject,
        purpose=rules.Purpose.HAND_OVER,
        recipient=referral.authority,
        details={"case": case.number, "reports": len(told), "dossier_sha256": referral.dossier_sha256.hex()},
    )


def _seal_dossier(referral: Referral, case: Case, told: Sequence[Told], by: Actor, *, why: str) -> bytes:
    bundle = write_dossier(referral, case, told, by=actor_text(by), why=why)
    sha256 = bytes.fromhex(digest(bundle))
    named = sorted({match.indicator_id for each in told for match in each.matches})
    dossier = Dossier(referral=referral, key=keys.create("dossier"), sha256=sha256, size=len(bundle), indicators=named)
    dossier.sealed = keys.seal(dossier.key, bundle, about=about(dossier, BUNDLE))
    dossier.save()
    return sha256
