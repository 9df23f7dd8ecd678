import json

import pytest

from tests import cast
from tutela.keys.keeper import house_signer
from tutela.reports.models import Report
from tutela.seals.signatures import verify_statement

REPORTS = "/api/v1/reports"


def problem(answer, status: int) -> dict:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    said = answer.json()
    assert said["status"] == status
    assert said["type"].startswith("urn:tutela:problem:")
    return said


def test_a_report_is_accepted_with_a_receipt(provider):
    answer = provider.post(REPORTS, cast.report())
    assert answer.status_code == 201
    body = verify_statement(answer.json(), "receipt", [house_signer().public])
    assert Report.objects.get(pk=body["report"]).organisation == provider.organisation
    assert provider.get(f"{REPORTS}/{body['report']}/receipt").content == answer.content


def test_a_resend_gets_the_same_bytes_and_200(provider):
    message = cast.report()
    first, again = provider.post(REPORTS, message), provider.post(REPORTS, message)
    assert (again.status_code, again.content, again["Tutela-Resend"]) == (200, first.content, "linked")


def test_the_ispws_credential_reads_its_own_receipt_here(provider):
    number = provider.post(REPORTS, cast.report()).json()["body"]["report"]
    answer = provider.client.get(f"{REPORTS}/{number}/receipt", headers={"Authorization": provider.basic})
    assert answer.json()["body"]["report"] == number


def test_the_same_key_with_another_body_is_refused(provider):
    provider.post(REPORTS, cast.report(reference=None), **{"Idempotency-Key": "k-1"})
    said = problem(provider.post(REPORTS, cast.report(reference=None), **{"Idempotency-Key": "k-1"}), 422)
    assert said["type"].endswith("reference-reused")


def test_unknown_keys_are_refused_by_name(provider):
    told = json.loads(cast.raw(cast.report())) | {"colour": "blue", "incident_kind": 1}
    said = problem(provider.post(REPORTS, json.dumps(told).encode()), 422)
    assert {error["where"] for error in said["errors"]} == {"colour", "incident_kind"}
    assert Report.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("empty", b"", 422),
        ("not JSON", b"<report/>", 400),
        ("cut half-way", b'{"kind": "new_mat', 400),
        ("not UTF-8", b'{"kind": "\xff"}', 400),
        ("nested five megabytes deep", b"[" * 5_000_000, 413),
        ("nested deep", b"[" * 100_000, 400),
        ("a key twice", b'{"kind": "new_material", "kind": "solicitation"}', 400),
        ("a list", b"[]", 422),
        ("null", b"null", 422),
        ("not a number", b'{"kind": NaN}', 400),
        ("larger than a mebibyte", b'{"kind": "' + b"x" * 1_100_000 + b'"}', 413),
        ("a huge integer", b'{"kind": ' + b"9" * 5000 + b"}", 400),
    ],
)
def test_bad_bodies_get_a_problem_and_no_echo(provider, name, body, status):
    answer = provider.post(REPORTS, body)
    problem(answer, status)
    assert len(answer.content) < 4000
    assert b"xxxx" not in answer.content
    assert Report.objects.count() == 0


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "canary-value"},
        {"incident": {"type": "material", "at": "canary-value"}},
        {"incident": {"type": "canary-value", "at": "2026-10-03T14:05:09Z"}},
        {"items": [{"digests": [{"algorithm": "MD5", "value": "canaryvalue"}]}]},
        {"items": [{"url": "canary value"}]},
        {"additional": ["canary-value" * 2000]},
        {"parties": [{"role": "suspect", "captures": [{"address": "canary-value" * 9}]}]},
    ],
)
def test_a_value_outside_its_rule_is_named_by_place_and_never_repeated(provider, change):
    told = json.loads(cast.raw(cast.report())) | change
    answer = provider.post(REPORTS, json.dumps(told).encode())
    said = problem(answer, 422)
    assert said["errors"][0]["where"].startswith(next(iter(change)))
    assert b"canary" not in answer.content


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer x", "Bearer x.y", "Basic eDp5", "Bearer \x00.\x00", "x" * 9000]
)
def test_without_a_credential_nothing_is_open(provider, authorization):
    said = problem(
        provider.client.post(REPORTS, b"{}", content_type="application/json", headers={"Authorization": authorization}),
        401,
    )
    assert "credential" in said["title"]


def test_the_stranger_cannot_tell_anothers_report_from_none(provider, stranger):
    number = provider.post(REPORTS, cast.report()).json()["body"]["report"]
    paths = (f"{REPORTS}/{{}}", f"{REPORTS}/{{}}/receipt")
    for path in paths:
        theirs, none = stranger.get(path.format(number)), stranger.get(path.format(99_999_999))
        for answer in (theirs, none):
            said = problem(answer, 404)
            said.pop("instance")
        assert theirs.headers.keys() == none.headers.keys()
        assert {**theirs.json(), "instance": ""} == {**none.json(), "instance": ""}
    assert stranger.get(REPORTS).json() == {"reports": [], "next": None}


def test_a_provider_pages_through_its_own_reports(provider, stranger):
    stranger.post(REPORTS, cast.report())
    sent = [provider.post(REPORTS, cast.report()).json()["body"]["report"] for _ in range(3)]
    first = provider.get(f"{REPORTS}?limit=2").json()
    rest = provider.get(f"{REPORTS}?limit=2&after={first['next']}").json()
    assert [one["number"] for one in first["reports"] + rest["reports"]] == sent
    assert rest["next"] is None


@pytest.mark.parametrize("query", ["after=x", "limit=0", "limit=201", "after=" + "9" * 40])
def test_a_wrong_page_is_said_or_empty(provider, query):
    answer = provider.get(f"{REPORTS}?{query}")
    assert answer.status_code in (200, 422)


def test_a_report_is_completed_over_the_wire(provider, stranger):
    body = provider.post(REPORTS, cast.report()).json()["body"]
    path = f"{REPORTS}/{body['report']}/completion"
    fuller = cast.report(parties=[{"role": "suspect", "account_id": "u-1"}])
    token = {"Completion-Token": body["complete_with"]}
    problem(stranger.post(path, fuller, **token), 404)
    problem(provider.post(path, fuller, **{"Completion-Token": "0" * 40}), 404)
    problem(provider.post(path, fuller), 422)
    done = provider.post(path, fuller, **token)
    assert done.status_code == 201
    assert done.json()["body"]["completeness"]["points"] == 15
    assert provider.get(f"{REPORTS}/{body['report']}").json()["completeness"] == 15


def test_a_database_that_went_away_is_said_as_503_with_retry_after(provider, monkeypatch):
    from django.db import OperationalError

    from tutela.api import access

    def away(*_: object) -> None:
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(access, "who_presents", away)
    answer = provider.post(REPORTS, cast.report())
    problem(answer, 503)
    assert answer["Retry-After"] == "5"
    answer = provider.ispws("status")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert b"<responseCode>1000</responseCode>" in answer.content


def test_where_no_operation_is_reached_the_answer_is_a_problem_too(provider):
    problem(provider.get("/api/v1/nothing"), 404)
    answer = provider.client.put(REPORTS)
    assert problem(answer, 405)["type"].endswith("not-allowed")
    assert "POST" in answer["Allow"]


@pytest.mark.parametrize(
    "at",
    [
        "0054-08-01T16:42:39+17:47",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2026-10-03T14:05:09-23:59",
    ],
)
def test_a_moment_with_any_offset_is_received(provider, at):
    told = json.loads(cast.raw(cast.report())) | {"incident": {"type": "material", "at": at}}
    assert provider.post(REPORTS, json.dumps(told).encode()).status_code == 201
