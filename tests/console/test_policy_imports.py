"""A register's file at the console: whole or not at all, and the form asks for its own token."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import cast
from tests.compliance.stories import binding, decision, export, nim
from tests.console.desks import Desk, engineer, policy_officer
from tests.console.scenes import address, signed_in
from tutela.compliance.models import Batch, Decision, Measure
from tutela.console import imports

pytestmark = pytest.mark.django_db
MIB = 2**20


@pytest.fixture
def desk():
    return Desk(policy_officer(), "imports")


def upload(content: bytes, name: str = "measures.json") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_a_file_is_taken_over_and_its_page_says_what_was_read_otherwise(desk):
    content = nim(binding(1), binding(2, notified="1001-01-01")).read()
    page = desk.does("measures", source="https://register.example/", file=upload(content))
    batch = Batch.objects.get()
    assert (batch.rows, len(batch.notes)) == (2, 1)
    assert "1001-01-01" in page and bytes(batch.sha256).hex() in page and 'href="https://register.example/"' in page
    assert "compliance.imported" in page
    assert "measures.json" in desk.read()


def test_every_problem_is_named_by_row_column_value_and_rule_and_nothing_is_half_imported(desk):
    desk.does("measures", source="text-1", file=upload(nim(binding(1)).read()))
    bad = nim(binding(1, notified="1001-13-01"), binding(2), binding(2), binding(3, notified="2999-01-01")).read()
    text = desk.is_refused("measures", source="text-source", file=upload(bad))
    for value in ("1001-13-01", "2999-01-01"):
        assert f'<td class="wraps">{value}</td>' in text
    assert "<td>1</td><td>notified</td>" in text and "text-source" in text
    assert (Batch.objects.count(), Measure.objects.count()) == (1, 1)


def test_a_file_with_very_many_problems_shows_the_first_and_counts_the_rest(desk):
    bad = nim(*(binding(number, notified="never") for number in range(1, 700))).read()
    text = desk.is_refused("measures", source="text-1", file=upload(bad))
    assert text.count('<td class="wraps">never</td>') == 500 and "And 199 more like them." in text


def test_a_corrected_file_replaces_its_own_kind_and_the_same_file_nothing(desk):
    desk.does("decisions", source="text-1", file=upload(export(decision()).read(), "register.csv"))
    first = nim(binding(1)).read()
    desk.does("measures", source="text-1", file=upload(first))
    assert "in force already" in desk.does("measures", source="text-1", file=upload(first))
    page = desk.does("measures", source="text-1", file=upload(nim(binding(1), binding(2)).read()))
    assert [each.replaced_at is None for each in Batch.objects.order_by("pk")] == [True, False, True]
    old = Batch.objects.filter(kind="nim").order_by("pk").first()
    assert f'href="{address("batch", number=old.pk)}"' in page
    assert Decision.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The submitted file is empty"),
        (b"\xff\xfe{", "save it as UTF-8"),
        (b"{}", "Nothing was imported"),
        (b"[" * 100_000, "Nothing was imported"),
        (b"a,b\n1,2\n", "Nothing was imported"),
    ],
)
def test_what_is_no_such_file_is_refused_in_words(desk, content, says):
    assert says in desk.is_refused("measures", source="text-1", file=upload(content))
    assert not Batch.objects.exists()


def test_another_directives_rows_are_refused_or_left_out_as_asked(desk):
    content = nim(binding(1), binding(2, nimCelex="72004L0068ROU_201400002")).read()
    assert "Nothing was imported" in desk.is_refused("measures", source="text-1", file=upload(content))
    desk.does("measures", source="text-1", file=upload(content), skip_other_acts="on")
    assert Batch.objects.get().rows == 1


def test_a_register_is_larger_than_what_other_pages_take(desk):
    content = nim(*(binding(number, title="x" * 3_000) for number in range(1, 1_201))).read()
    assert len(content) > 3 * MIB
    desk.does("measures", source="text-1", file=upload(content))
    assert Batch.objects.get().rows == 1_200


def test_a_body_that_no_register_fills_is_not_kept_and_the_form_says_how_large_one_is(desk, monkeypatch):
    monkeypatch.setattr(imports, "LARGEST_BODY", 2_000)
    text = desk.is_refused("measures", source="text-source", file=upload(json.dumps(["x" * 5_000]).encode()))
    assert "Choose a file of at most 16 MiB" in text and "text-source" in text
    assert not Batch.objects.exists()


def test_the_form_asks_for_its_token_though_it_is_read_late():
    member = policy_officer()
    client = Client(enforce_csrf_checks=True)
    client.cookies = signed_in(member.person).cookies
    told = {"task": "measures", "measures-source": "text-1", "measures-file": upload(nim(binding(1)).read())}
    assert client.post(address("imports"), told).status_code == 403
    assert not Batch.objects.exists()
    token = client.get(address("imports")).context["csrf_token"]
    told["measures-file"].seek(0)
    assert client.post(address("imports"), told | {"csrfmiddlewaretoken": str(token)}).status_code == 302


def test_the_stranger_is_turned_away_before_a_byte_of_the_file_is_read(monkeypatch):
    monkeypatch.setattr(imports.OneRegister, "new_file", lambda *_: pytest.fail("the file was read"))
    for somebody in (engineer(), cast.ana(), cast.officer()):
        client = signed_in(somebody.person)
        answer = client.post(address("imports"), {"task": "measures", "measures-file": upload(b"{}")})
        assert answer.status_code == 404


def test_a_link_is_no_file(desk):
    answer = desk.client.post(desk.path + "?file=x", {"task": "measures", "measures-source": "text-1"})
    assert answer.status_code == 422 and not Batch.objects.exists()
