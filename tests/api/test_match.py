"""A provider asks what is known of its hashes: leads come back, and nothing that helps anybody else."""

import json
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import pytest
import time_machine

from tests import cast
from tests.api.conftest import machine_of
from tests.api.test_reports import problem
from tests.indicators.stories import active, near, passport, pdq
from tests.indicators.stories import sha256 as file
from tutela.accounts import actions as accounts
from tutela.accounts.policy import HOUSE, MACHINE_ROLES, ROLES_OF, NotYours, Role, RoleNotOpen
from tutela.audit.models import Leaf
from tutela.exchange.matching import LARGEST_BODY_BYTES, MOST_HASHES, MOST_MATCHES, NOTE, Asked
from tutela.indicators import actions
from tutela.indicators.actions import asking
from tutela.indicators.rules import Fingerprint
from tutela.law.bases import basis_on
from tutela.matching.urls import url_key

MATCH = "/api/v1/match"


@pytest.fixture
def readers(db):
    return cast.ana().actor, cast.boris().actor


@pytest.fixture
def matcher(db):
    return machine_of(cast.organisation("provider"), role=Role.PROVIDER_MATCHER)


def said(fingerprint, **more):
    quality = {"quality": fingerprint.quality} if fingerprint.quality is not None else {}
    return {"kind": fingerprint.kind, "value": bytes(fingerprint.value).hex(), **quality, **more}


def ask(machine, *hashes):
    return machine.post(MATCH, json.dumps({"hashes": hashes}).encode())


def found(machine, *hashes):
    answer = ask(machine, *hashes)
    assert answer.status_code == 200, answer.content
    assert answer.json()["note"] == NOTE
    return answer.json()["found"]


def test_each_hit_says_what_it_is_and_where_it_was_asked_about(matcher, readers):
    picture, known = active(pdq(), *readers), active(file(), *readers)
    close = near(picture.value, 20)
    answer = found(matcher, said(file()), {"kind": "pdq", "value": close.hex(), "quality": 80}, said(known))
    labelled = {"list": "baseline", "tier": "C", "classification": "invented-scheme 1 text-3", "verdict": "positive"}
    assert answer == [
        {
            "position": 1,
            "left_out": 0,
            "matches": [
                labelled
                | {
                    "reference": f"indicator:{picture.pk}",
                    "kind": "pdq",
                    "distance_bits": 20,
                    "threshold_bits": 31,
                }
            ],
        },
        {
            "position": 2,
            "left_out": 0,
            "matches": [
                labelled
                | {"reference": f"indicator:{known.pk}", "kind": "sha256", "distance_bits": 0, "threshold_bits": 0}
            ],
        },
    ]


def test_a_service_that_no_law_allows_to_compare_is_refused_with_the_reason(matcher, readers, monkeypatch):
    known = active(file(), *readers)

    def asked(**more):
        return matcher.post(MATCH, json.dumps({"hashes": [said(known)], **more}).encode())

    monkeypatch.setattr(asking, "today", lambda: date(2026, 5, 1))
    refusal = problem(asked(service="interpersonal"), 403)
    assert refusal["type"].endswith("no-legal-basis") and "no legal basis is recorded" in refusal["title"]
    assert not Leaf.objects.filter(action="indicators.asked").exists()
    with monkeypatch.context() as without_the_law:
        without_the_law.setattr(
            asking, "basis_on", lambda *_: basis_on(date(2026, 8, 15), "interpersonal", "detection")
        )
        assert asked(service="interpersonal").json()["found"] != []
    assert problem(asked(service="interpersonal"), 403)
    assert asked(service="hosting").json()["found"] == asked().json()["found"] != []
    monkeypatch.setattr(asking, "today", lambda: date(2026, 8, 15))
    assert asked(service="interpersonal").json()["found"] != []
    assert problem(asked(service="text-3"), 422)["errors"][0]["where"] == "service"


def test_what_nobody_stands_by_is_called_a_seed(matcher, readers):
    known = active(file(), *readers)
    for reader in readers:
        actions.give_opinion(known, verdict="seed", reason="text-1", by=reader)
    assert found(matcher, said(known))[0]["matches"][0]["verdict"] == "seed"


@pytest.mark.parametrize("draw", [pdq, file])
@pytest.mark.parametrize("how", ["proposed", "withdrawn", "doubted"])
def test_what_does_not_count_answers_like_what_nobody_knows(matcher, readers, draw, how):
    ana, boris = readers
    fingerprint = draw()
    if how == "proposed":
        actions.propose(fingerprint, passport=passport(), by=ana)
    else:
        indicator = active(fingerprint, ana, boris)
        assert len(found(matcher, said(fingerprint))) == 1
        if how == "withdrawn":
            actions.withdraw(indicator, reason="text-1", by=ana)
        else:
            actions.give_opinion(indicator, verdict="negative", reason="text-1", by=boris)
    theirs, none = ask(matcher, said(fingerprint)), ask(matcher, said(draw()))
    assert theirs.content == none.content == json.dumps({"found": [], "note": NOTE}, separators=(",", ":")).encode()


def test_an_address_is_asked_by_its_digest_and_never_named(matcher, readers):
    known = active(Fingerprint("url", url_key("https://files.example/a?b=1")), *readers)
    asked = Asked.address("HTTP://Files.example:80/a?b=1")
    assert "files.example" not in asked.value
    [hit] = found(matcher, {"kind": asked.kind, "value": asked.value})
    assert hit["matches"][0]["reference"] == f"indicator:{known.pk}"


def test_every_spelling_of_the_field_is_read(matcher, readers):
    from base64 import b64encode

    known = active(file(), *readers)
    value = bytes(known.value)
    for text in (value.hex().upper(), b64encode(value).decode(), b64encode(value).decode().rstrip("=")):
        assert len(found(matcher, {"kind": "sha256", "value": text})) == 1


def test_of_many_relatives_the_nearest_are_named_and_the_rest_counted(matcher, readers):
    ana, boris = readers
    first = bytes(active(pdq(), ana, boris).value)
    relatives = [_relative(first, place) for place in range(1, MOST_MATCHES + 3)]
    actions.confirm_many(
        actions.propose_many([(Fingerprint("pdq", each, 90), passport()) for each in relatives], by=ana), by=boris
    )
    [hit] = found(matcher, {"kind": "pdq", "value": first.hex()})
    assert (len(hit["matches"]), hit["left_out"]) == (MOST_MATCHES, 3)
    assert [match["distance_bits"] for match in hit["matches"]] == [0] + [2] * (MOST_MATCHES - 1)


def _relative(value, place):
    """Two bits away, each time others, with as many bits set."""
    number = int.from_bytes(value, "big")
    one = [at for at in range(256) if number >> at & 1][place]
    zero = [at for at in range(256) if not number >> at & 1][place]
    return (number ^ (1 << one) ^ (1 << zero)).to_bytes(32, "big")


def test_the_largest_batch_fits_and_one_more_does_not(matcher, readers):
    known = active(file(), *readers)
    others = [{"kind": "sha256", "value": sha256(str(n).encode()).hexdigest()} for n in range(MOST_HASHES - 1)]
    body = json.dumps({"hashes": [*others, said(known)]}, indent=4).encode()
    assert 1024 * 1024 < len(body) < LARGEST_BODY_BYTES
    answer = matcher.post(MATCH, body)
    assert [hit["position"] for hit in answer.json()["found"]] == [MOST_HASHES - 1]
    refusal = problem(ask(matcher, *others, said(known), said(known)), 413)
    assert "10,000 hashes at most" in refusal["title"]
    problem(matcher.post(MATCH, b" " * (LARGEST_BODY_BYTES + 1)), 413)


@pytest.mark.parametrize(
    ("hash_", "where"),
    [
        ({"kind": "sha256", "value": "canary"}, "hashes.1.value"),
        ({"kind": "sha256", "value": "canary" + "0" * 58}, "hashes.1.value"),
        ({"kind": "pdq", "value": " " * 64}, "hashes.1.value"),
        ({"kind": "md5", "value": "é" * 32}, "hashes.1.value"),
        ({"kind": "sha1", "value": "٣" * 40}, "hashes.1.value"),
        ({"kind": "md5", "value": ""}, "hashes.1.value"),
        ({"kind": "url", "value": "https://canary.example/"}, "hashes.1.value"),
        ({"kind": "sha256", "value": "canary" * 90}, "hashes.1.value"),
        ({"kind": "photodna", "value": "canary"}, "hashes.1.kind"),
        ({"kind": "pdq", "value": "0" * 64, "quality": "canary"}, "hashes.1.quality"),
        ({"kind": "pdq", "value": "0" * 64, "quality": 101}, "hashes.1.quality"),
        ({"kind": "pdq", "value": "0" * 64, "colour": "canary"}, "hashes.1.colour"),
        ("canary", "hashes.1"),
        (None, "hashes.1"),
    ],
)
def test_a_malformed_hash_is_named_by_its_position_and_never_repeated(matcher, hash_, where):
    answer = ask(matcher, said(file()), hash_)
    fault = problem(answer, 422)["errors"][0]
    assert fault["where"] == where
    assert fault["rule"]
    assert b"canary" not in answer.content.replace(b"hashes", b"")
    assert not Leaf.objects.filter(action="indicators.asked").exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"<question/>", 400),
        (b'{"hashes": [', 400),
        (b'{"hashes": "\xff"}', 400),
        (b'{"hashes": NaN}', 422),
        (b"[" * 100_000, 400),
        (b"[]", 422),
        (b"null", 422),
        (b"{}", 422),
        (b'{"hashes": []}', 422),
        (b'{"hashes": {"0": 1}}', 422),
    ],
)
def test_rubbish_is_refused_in_words(matcher, body, status):
    assert len(problem(matcher.post(MATCH, body), status)["title"]) > 20


def test_to_the_stranger_it_does_not_exist(matcher, provider, readers):
    """Who reports and may not ask gets, for every body, what an address that is not there answers."""
    officer = machine_of(cast.organisation("national_authority"), role=Role.AUTHORITY_OFFICER)
    analyst = machine_of(cast.organisation("hotline"), role=Role.ANALYST)
    known = said(active(file(), *readers))
    bodies = [json.dumps({"hashes": [known]}).encode(), b"rubbish", b" " * (LARGEST_BODY_BYTES + 1)]
    for machine in (provider, officer, analyst):
        for body in bodies:
            theirs, none = machine.post(MATCH, body), machine.post("/api/v1/nothing-here", body)
            assert theirs.status_code == none.status_code == 404
            assert theirs["Content-Type"] == none["Content-Type"]
            assert theirs.headers.keys() == machine.get("/api/v1/reports/99999999").headers.keys()
            assert {**theirs.json(), "instance": ""} == {**none.json(), "instance": ""}
    assert not Leaf.objects.filter(action="indicators.asked").exists()


def test_a_batch_leaves_one_leaf_with_counts_and_no_hash(matcher, readers):
    known, picture = active(file(), *readers), active(pdq(), *readers)
    before = set(Leaf.objects.values_list("pk", flat=True))
    found(matcher, said(known), said(picture), said(file()), said(pdq()))
    leaf = Leaf.objects.exclude(pk__in=before).get()
    content = json.loads(bytes(leaf.content))
    assert content["details"] == {
        "hashes": {"sha256": 2, "pdq": 2}, "today": 4, "known": 2, "exact": 1, "perceptual": 1
    }  # fmt: skip
    assert content["actor"]["organisation"] == matcher.organisation.pk
    for one in (known, picture):
        assert bytes(one.value).hex() not in bytes(leaf.content).decode()


def test_if_the_leaf_cannot_be_written_nothing_is_answered(matcher, readers, monkeypatch):
    known = active(file(), *readers)

    def broken(*args, **more):
        raise OSError("broken")

    monkeypatch.setattr(asking.audit, "record", broken)
    answer = ask(matcher, said(known))
    assert answer.status_code == 500
    assert b"indicator:" not in answer.content


def test_the_day_has_a_limit_for_the_whole_organisation(matcher, stranger, readers, monkeypatch):
    """The meter is the record's last leaf: a second credential finds it as the first left it."""
    monkeypatch.setattr(asking, "MOST_A_DAY", 5)
    second = machine_of(matcher.organisation, role=Role.PROVIDER_MATCHER)
    known = said(active(file(), *readers))
    assert len(found(matcher, *[known] * 3)) == 3
    assert len(found(second, known)) == 1
    refusal = ask(matcher, known, known)
    assert "5 hashes a day" in problem(refusal, 429)["title"]
    assert 0 < int(refusal["Retry-After"]) <= 86_400
    assert len(found(matcher, known)) == 1
    problem(ask(second, known), 429)
    other = machine_of(stranger.organisation, role=Role.PROVIDER_MATCHER)
    assert len(found(other, known)) == 1
    with time_machine.travel(datetime.now(UTC) + timedelta(days=1)):
        assert len(found(matcher, known)) == 1


def test_nobody_but_the_house_lets_a_provider_ask(db):
    """An administrator of the provider cannot, nor can an engineer; and no person can hold the role herself."""
    home = cast.organisation("provider")
    for role in ROLES_OF["provider"]:
        with pytest.raises((NotYours, RoleNotOpen)):
            accounts.give_credential(
                organisation=home, kind="bearer", roles=[Role.PROVIDER_MATCHER], by=cast.person("Eva", role, home).actor
            )
    for by in (HOUSE, cast.person("Eva", Role.ADMINISTRATOR, home).actor):
        with pytest.raises(RoleNotOpen, match="provider_matcher: not a role"):
            accounts.add_person(
                name="Max", email="max@provider.example", organisation=home, roles=[Role.PROVIDER_MATCHER], by=by
            )
    given = cast.credential(home, role=Role.PROVIDER_MATCHER)
    assert given.credential.actor().roles == {Role.PROVIDER_MATCHER}


def test_if_the_table_let_an_administrator_give_it_she_would(db, monkeypatch):
    """The saboteur: the one line that keeps it with the house is taken out."""
    home = cast.organisation("provider")
    opened = MACHINE_ROLES | {Role.ADMINISTRATOR: frozenset({Role.PROVIDER_MATCHER})}
    monkeypatch.setattr("tutela.accounts.policy.MACHINE_ROLES", opened)
    machine = accounts.give_credential(
        organisation=home,
        kind="bearer",
        roles=[Role.PROVIDER_MATCHER],
        by=cast.person("Eva", Role.ADMINISTRATOR, home).actor,
    )
    assert machine.secret
