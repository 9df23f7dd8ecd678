from datetime import date

from django.db import transaction

from tutela.accounts.policy import Act, Actor, NotYours, check_may
from tutela.cooperation import rules
from tutela.cooperation.actions.writing import organisation_of, written
from tutela.cooperation.models import Partner
from tutela.law.authorities import MEMBER_STATES
from tutela.law.dates import today
from tutela.law.sources import Certainty


def add_partner(
    *,
    kind: str,
    name: str,
    country: str,
    exchanged: str,
    ground: str,
    source_url: str,
    checked_on: date,
    certainty: str,
    by: Actor,
    url: str = "",
) -> Partner:
    """What is exchanged with whom on which ground. The public reads it once somebody has verified it.

    Raises NotYours, Refused.
    """
    check_may(by, Act.COOPERATION_RECORD, owner=by.organisation_id)
    if country and country not in {*MEMBER_STATES, rules.UNION} and not (len(country) == 2 and country.isupper()):
        raise rules.Refused("The country is a code of two capital letters, or empty for a partner of the whole world.")
    facts = {
        "kind": rules.check_word(kind, list(rules.PartnerKind), name="kind"),
        "name": rules.check_text(name, name="name", limit=200),
        "country": country,
        "url": rules.check_address(url, name="partner's page") if url else "",
        "exchanged": rules.check_text(exchanged, name="sentence on what is exchanged"),
        "ground": rules.check_ground(ground),
        "source_url": rules.check_address(source_url),
        "checked_on": rules.check_past(checked_on, name="day of the check", today=today()),
        "certainty": rules.check_word(certainty, list(Certainty), name="certainty"),
    }
    home = organisation_of(by)
    with transaction.atomic():
        same = {key: facts[key] for key in ("kind", "name", "country", "exchanged")}
        if Partner.objects.filter(recorded_by=home, **same).exists():
            raise rules.Refused("This partner and this exchange are noted already: check them again instead.")
        partner = Partner.objects.create(recorded_by_id=home, **facts)
        written(partner, "added", by=by, kind=kind, ground=ground, certainty=certainty)
    return partner


def check_partner(partner_id: int, *, source_url: str, certainty: str, by: Actor) -> Partner:
    """Somebody looked again today: how sure are we now?"""
    with transaction.atomic():
        partner = Partner.objects.select_for_update().filter(pk=partner_id).first()
        if partner is None:
            raise NotYours("no such partner")
        check_may(by, Act.COOPERATION_RECORD, owner=partner.recorded_by_id)
        partner.source_url = rules.check_address(source_url)
        partner.certainty = rules.check_word(certainty, list(Certainty), name="certainty")
        partner.checked_on = today()
        partner.save()
        written(partner, "checked", by=by, certainty=certainty)
    return partner
