"""A file is taken over whole or not at all; a corrected one replaces exactly the one before."""

import hashlib
import io

import pytest

from tests import cast
from tests.compliance.stories import (
    binding,
    decision,
    export,
    find,
    import_nim,
    import_register,
    nim,
    policy_officer,
)
from tutela.accounts.policy import HOUSE, NotYours
from tutela.audit.models import Leaf
from tutela.compliance import actions, tables
from tutela.compliance.models import Batch, Decision, Finding, Measure
from tutela.compliance.rows import ImportRefused
from tutela.compliance.rules import Refused, Verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def petra():
    return policy_officer().actor


def measures(state: str) -> int:
    return len(tables.matrix(states=[state]).standings[state].measures)


def test_petra_takes_over_a_list_and_the_record_says_so(petra) -> None:
    file = nim(binding(1), binding(2, "BGR", ojDate="1001-01-01"))
    content = file.getvalue()
    batch = actions.import_measures(file, name="nim.json", source="https://register.example/", by=petra)
    assert (batch.rows, bytes(batch.sha256)) == (2, hashlib.sha256(content).digest())
    assert [(each["row"], each["column"]) for each in batch.notes] == [(2, "ojDate")]
    leaf = Leaf.objects.get(action="compliance.imported")
    assert (leaf.subject, leaf.actor) == (f"batch:{batch.pk}", f"person:{petra.id}")


def test_a_corrected_file_replaces_exactly_the_one_before(petra) -> None:
    register = import_register(decision(), by=petra)
    finding = find(Verdict.NOT, by=petra)
    first = import_nim(binding(1), binding(2), by=petra)
    second = import_nim(binding(3, "BGR"), by=petra)
    assert (measures("RO"), measures("BG")) == (0, 1)
    assert second.replaces_id == first.pk
    assert set(Batch.objects.in_force()) == {register, second}
    assert Finding.objects.get(replaced_at=None) == finding
    assert (Measure.objects.filter(batch=first).count(), Decision.objects.count()) == (2, 1)


def test_the_same_file_again_changes_nothing(petra) -> None:
    first = import_nim(binding(1), by=petra)
    assert import_nim(binding(1), by=petra) == first
    assert (Batch.objects.count(), Measure.objects.count()) == (1, 1)


def test_one_bad_row_at_the_end_and_nothing_is_imported(petra) -> None:
    before = import_nim(binding(1), by=petra)
    with pytest.raises(ImportRefused):
        import_nim(*(binding(number) for number in range(2, 60)), binding(60, notified="soon"), by=petra)
    with pytest.raises(ImportRefused):
        import_register(decision(), decision(), by=petra)
    assert list(Batch.objects.all()) == [before]
    assert (Measure.objects.count(), Decision.objects.count()) == (1, 0)


def test_a_corrected_register_no_longer_counts_what_the_earlier_one_said(petra) -> None:
    import_register(decision(active="Yes"), by=petra)
    import_register(decision(active="No"), by=petra)
    assert [each.standing for each in tables.matrix(states=["RO"]).standings["RO"].procedures] == ["closed", "closed"]


def test_where_the_file_was_got_must_be_said(petra) -> None:
    with pytest.raises(Refused, match="where the file was got"):
        actions.import_measures(nim(binding(1)), name="nim.json", source=" ", by=petra)
    assert not Batch.objects.exists()


@pytest.mark.parametrize("who", [cast.stranger, cast.ana, cast.officer])
def test_nobody_else_imports_and_the_file_is_not_even_read(who) -> None:
    by = who().actor
    file = nim(binding(1))
    with pytest.raises(NotYours):
        actions.import_measures(file, name="nim.json", source="here", by=by)
    with pytest.raises(NotYours):
        actions.import_decisions(export(decision()), name="register.csv", source="here", by=by)
    assert file.tell() == 0
    assert not Batch.objects.exists()


def test_the_house_itself_may_import_at_the_machine() -> None:
    batch = actions.import_measures(nim(binding(1)), name="nim.json", source="here", by=HOUSE)
    assert batch.imported_by == "house:jobs"


def test_what_was_read_stands_in_the_database_as_it_was_read(petra) -> None:
    row = binding(1, title="text-\N{GREEK SMALL LETTER ALPHA}", oj="Monitorul", ojNumber="12", ojDate="2014-01-05")
    import_nim(row, by=petra)
    found = Measure.objects.get()
    assert (found.titles, found.journal, str(found.journal_on), found.row) == (
        ["text-α"],
        "Monitorul 12",
        "2014-01-05",
        1,
    )


def test_an_empty_file_is_refused(petra) -> None:
    with pytest.raises(ImportRefused, match="empty"):
        actions.import_measures(io.BytesIO(b""), name="nim.json", source="here", by=petra)
