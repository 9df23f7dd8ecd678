"""The facts that ship are held to what the law's own records are held to."""

from datetime import date

from tutela.cooperation.capabilities import capabilities
from tutela.cooperation.partners import shipped
from tutela.law.catalogue import Record, check_records
from tutela.law.instruments import all_instruments
from tutela.strategy import practices

ON = date(2026, 11, 23)


def records() -> list[Record]:
    partners = shipped(include_unverified=True)
    found = [Record("capability", f"capability:{each.number}", each.source) for each in capabilities()]
    found += [
        Record("partner", each.id, each.source, tuple(said.ground for said in each.exchanges if said.ground))
        for each in partners
    ]
    found += [
        Record("practice", each.id, each.source, (each.about,)) for each in practices.shipped(include_unverified=True)
    ]
    return found


def law() -> list[Record]:
    return [Record("provision", row.id, row.source) for each in all_instruments() for row in each.provisions]


def test_every_record_is_sourced_has_its_own_id_and_cites_what_exists():
    assert len(records()) > 21 + 4 + 27
    assert list(check_records([*records(), *law()], ON)) == []


def test_a_record_that_cites_nothing_known_is_noticed():
    broken = Record("practice", "practice:x", records()[0].source, ("dir-2011-93:art-999",))
    assert list(check_records([broken, *law()], ON)) == [
        "practice:x: cites 'dir-2011-93:art-999', which is not a record"
    ]
