"""Policy officers and providers write at the console what so far only commands could; whatever is wrong comes back."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import cast
from tests.compliance.stories import ARTICLE, binding, engineer, nim, policy_officer
from tests.console.scenes import address, signed_in
from tutela.accounts.policy import Role
from tutela.audit.models import Leaf
from tutela.compliance.models import Batch, Evidence, Finding, Technology
from tutela.cooperation.models import Assessment, Commitment, Decision, Meeting, Partner, PoliceCapability, Proof
from tutela.strategy.models import BestPractice, Delivery, PriorityAction

pytestmark = pytest.mark.django_db
SOURCE = "https://source.example/1"
FOUND = {
    "provision": ARTICLE,
    "state": "RO",
    "verdict": "partly",
    "reason": "text-3",
    "source_url": SOURCE,
    "certainty": "verified",
}


def policy(country: str) -> cast.Member:
    return policy_officer(country)


def put(client, page: str, task: str, **said: object):
    """As a browser sends the form of this task."""
    fields = {name if hasattr(name, "read") else f"{task}-{name}": value for name, value in said.items()}
    return client.post(address(page), {"task": task, **fields})


def done(client, page: str, task: str, **said: object) -> str:
    answer = put(client, page, task, **said)
    assert answer.status_code == 302, re.findall(r"role=\"alert\".*|class=\"fault\".*", answer.content.decode())
    return client.get(address(page)).content.decode()


def refused(client, page: str, task: str, **said: object) -> str:
    answer = put(client, page, task, **said)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert 'role="alert"' in text
    return text


def test_a_finding_is_recorded_with_its_author_and_the_newer_replaces_the_older():
    client = signed_in(policy("BE").person)
    done(client, "findings", "find", **FOUND, on="2026-11-01")
    page = done(client, "findings", "find", **FOUND | {"verdict": "conform"}, on="2026-11-02")
    assert [one.verdict for one in Finding.objects.order_by("pk")] == ["partly", "conform"]
    assert "replaced" in page and "/law/matrix/dir-2011-93:art-22/RO" in page and "Petra" in page
    assert Leaf.objects.filter(action="compliance.found").count() == 2


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"source_url": "nowhere"}, "http"),
        ({"on": "2036-01-01"}, "The day of the finding lies between"),
        ({"on": "1001-99-01"}, "fault"),
        ({"state": "DK"}, "fault"),
        ({"reason": ""}, "fault"),
        ({"measures": "72011L0093FRA_1"}, "72011L0093FRA_1"),
    ],
)
def test_what_is_wrong_in_a_finding_comes_back_with_everything_that_was_written(wrong, says):
    client = signed_in(policy("BE").person)
    text = refused(client, "findings", "find", **FOUND | {"on": "2026-11-01"} | wrong)
    assert (says in text and "text-3" in text) or "reason" in wrong
    assert not Finding.objects.exists()


def test_article_25_is_recorded():
    page = done(
        signed_in(policy("BE").person), "findings", "article-25", aspect="blocking", state="IT", answer="yes",
        how="text-4", source_url=SOURCE, on="2026-11-01", certainty="secondary",
    )  # fmt: skip
    assert "blocking" in page and "IT" in page


def test_an_import_is_whole_or_not_at_all_and_each_problem_is_named():
    client = signed_in(policy("BE").person)
    good = SimpleUploadedFile("measures.json", nim(binding(1), binding(2)).read())
    page = done(client, "imports", "measures", file=good, source="text-source")
    assert Batch.objects.get().rows == 2 and "measures.json" in page
    bad = SimpleUploadedFile("bad.json", nim(binding(1, notified="1001-13-01"), binding(1)).read())
    text = refused(client, "imports", "measures", file=bad, source="text-source")
    assert "<td>1001-13-01</td>" in text and Batch.objects.count() == 1
    refused(client, "imports", "decisions", file=SimpleUploadedFile("x.csv", b"a,b\n1,2\n"), source="text-source")
    assert Batch.objects.count() == 1


def test_a_provider_gives_evidence_and_the_state_of_each_condition_follows():
    emil = engineer()
    client = signed_in(emil.person)
    before = client.get(address("conditions")).content.decode()
    assert before.count("badge strong") >= 10
    said = {"condition": "C02", "what": "text-5", "on": "2026-11-01", "link": "https://papers.example/1"}
    page = done(client, "conditions", "evidence", **said, responsible=emil.person.pk)
    assert "text-5" in page and Evidence.objects.get().organisation == emil.person.organisation
    assert "https" in refused(
        client, "conditions", "evidence", **said | {"link": "ftp://x"}, responsible=emil.person.pk
    )
    done(client, "conditions", "withdraw", evidence=Evidence.objects.get().pk, reason="text-6")
    assert Evidence.objects.get().withdrawn_reason == "text-6"


def test_a_technology_is_registered_assessed_and_measured():
    client = signed_in(engineer().person)
    done(
        client, "conditions", "technology", name="Detector Example", version="2", detects=["known_material"],
        in_use_from="2026-10-01", used_in_union_since="2020-01-01",
    )  # fmt: skip
    number = Technology.objects.get().pk
    done(
        client, "conditions", "change", technology=number, assessment="text-7", assessed_on="2026-09-01", advice="given"
    )
    done(
        client, "conditions", "measured", technology=number, first="2026-10-01", last="2026-10-31",
        flagged=100, reviewed=50, not_confirmed=2,
    )  # fmt: skip
    text = refused(
        client, "conditions", "measured", technology=number, first="2026-11-01", last="2026-11-02",
        flagged=1, reviewed=50, not_confirmed=2,
    )  # fmt: skip
    assert "reviewed is part of flagged" in text
    assert Technology.objects.get().assessment == "text-7"


def test_another_providers_papers_cannot_be_named():
    client = signed_in(engineer().person)
    done(
        client, "conditions", "technology", name="Detector Example", version="2", detects=["known_material"],
        in_use_from="2026-10-01", used_in_union_since="2020-01-01",
    )  # fmt: skip
    stranger = signed_in(engineer().person)
    assert "Detector Example" not in stranger.get(address("conditions")).content.decode()
    refused(stranger, "conditions", "change", technology=Technology.objects.get().pk, advice="given")
    assert Technology.objects.get().advice != "given"


def test_an_action_is_planned_from_a_gap_shows_late_and_is_done_with_its_evidence():
    client = signed_in(policy("RO").person)
    gap = client.get(address("acting"), {"gap": "key-1", "country": "RO"}).content.decode()
    assert 'value="key-1"' in gap
    said = {"what": "text-8", "owner": "Ministry Example", "country": "RO", "initiative": 1, "decided_on": "2026-01-01"}
    page = done(client, "acting", "plan", **said, due="2026-02-01")
    assert "late" in page and "Ministry Example" in page
    assert refused(client, "acting", "plan", **said, due="2025-01-01")
    number = PriorityAction.objects.get().pk
    assert refused(client, "acting", "finish", action=number, on="2026-03-01", evidence_url="nowhere")
    done(client, "acting", "finish", action=number, on="2026-03-01", evidence_url=SOURCE)
    done(client, "acting", "reopen", action=number)
    done(client, "acting", "drop", action=number, reason="text-9")
    assert PriorityAction.objects.get().reason == "text-9"


def test_practices_and_statistics_are_noted():
    client = signed_in(policy("RO").person)
    done(
        client, "acting", "practice", name="Practice Example", what="text-10", state="FI", about="dir-2011-93:art-22",
        source_url=SOURCE, checked_on="2026-11-01", certainty="secondary",
    )  # fmt: skip
    assert BestPractice.objects.get().state == "FI"
    assert refused(client, "acting", "statistic", state="RO", provision="none", year=2024, source_url=SOURCE)
    assert not Delivery.objects.exists()


def test_a_state_assesses_itself_in_private_and_publishes_in_an_act_of_its_own():
    radu = policy("RO")
    client = signed_in(radu.person)
    done(
        client,
        "capabilities",
        "assess",
        as_of="2026-11-01",
        capability_1="2",
        why_1="text-1",
        capability_7="4",
        why_7="x",
    )
    made = Assessment.objects.get()
    assert (made.state, made.assessed.count(), made.published_at) == ("RO", 2, None)
    freja = signed_in(policy("DK").person)
    assert "RO 2026-11-01" not in freja.get(address("capabilities")).content.decode()
    refused(freja, "capabilities", "publish", assessment=made.pk, sure="on")
    refused(client, "capabilities", "publish", assessment=made.pk)
    done(client, "capabilities", "publish", assessment=made.pk, sure="on")
    assert Assessment.objects.get().published_at is not None
    done(client, "capabilities", "private", assessment=made.pk)
    done(client, "capabilities", "police", area="training", what="text-11", since="2026-01-01")
    assert PoliceCapability.objects.get().state == "RO"
    assert "text-11" not in freja.get(address("capabilities")).content.decode()


def test_the_forum_decides_industry_promises_and_a_proof_is_accepted_by_another():
    petra, emil = signed_in(policy("EU").person), engineer()
    done(petra, "forum", "meeting", held_on="2026-10-01", title="Meeting Example", source_url=SOURCE)
    done(petra, "forum", "decision", meeting=Meeting.objects.get().pk, what="text-12", owner="Somebody Example")
    done(petra, "forum", "finish", decision=Decision.objects.get().pk, on="2026-11-01", evidence_url=SOURCE)
    done(
        petra, "forum", "commitment", what="text-13", provider=emil.person.organisation.pk, made_on="2026-01-01",
        source_url=SOURCE,
    )  # fmt: skip
    provider = signed_in(emil.person)
    done(
        provider,
        "promises",
        "proof",
        commitment=Commitment.objects.get().pk,
        what="text-14",
        url=SOURCE,
        on="2026-11-01",
    )
    done(petra, "forum", "accept", proof=Proof.objects.get().pk)
    assert Commitment.objects.get().state == "done"
    stranger = signed_in(engineer().person)
    assert "text-13" not in stranger.get(address("promises")).content.decode()
    done(
        petra, "forum", "partner", kind="hotline", name="Hotline Example", country="FR", exchanged="text-15",
        ground="dir-2011-93:art-25-1", source_url=SOURCE, checked_on="2026-11-01", certainty="secondary",
    )  # fmt: skip
    assert Partner.objects.get().name == "Hotline Example"


def test_a_states_officer_does_not_write_in_the_forums_record():
    """The table opens the page to policy officers; the action asks whether they speak for the Union."""
    client = signed_in(policy("RO").person)
    answer = put(client, "forum", "meeting", held_on="2026-10-01", title="x", source_url=SOURCE)
    assert answer.status_code in (404, 422) and not Meeting.objects.exists()


@pytest.mark.parametrize("task", ["", "nothing", "find'"])
def test_a_form_of_no_task_writes_nothing(task):
    client = signed_in(policy("BE").person)
    answer = client.post(address("findings"), {"task": task, "find-state": "RO"})
    assert answer.status_code == 200 and not Finding.objects.exists()


def test_a_practitioner_finds_no_such_pages():
    client = signed_in(cast.person("Hana", Role.PRACTITIONER, cast.organisation("prevention_body")).person)
    for page in ("findings", "imports", "acting", "capabilities", "forum", "conditions", "promises"):
        assert client.get(address(page)).status_code == 404
        assert client.post(address(page), {"task": "find"}).status_code == 404


def test_a_link_fills_in_the_gap_that_an_action_closes_and_nothing_else():
    client = signed_in(policy("BE").person)
    asked = {"gap": "negative_finding/RO/x", "country": "RO", "owner": "text-17", "sure": "on", "reason": "text-18"}
    form = (
        client.get(address("acting"), asked)
        .content.decode()
        .partition('<section id="plan"')[2]
        .rpartition("</section>")[0]
    )
    assert 'value="negative_finding/RO/x"' in form and "text-17" not in form and "text-18" not in form
    assert " checked" not in client.get(address("capabilities"), asked).content.decode()


def test_a_link_is_no_file():
    client = signed_in(policy("BE").person)
    answer = client.post(address("imports") + "?file=x", {"task": "measures", "measures-source": "text-source"})
    assert answer.status_code == 422 and not Batch.objects.exists()


@pytest.mark.parametrize("many", [10**20, -(10**20), -1])
def test_a_number_that_nobody_counts_to_is_refused_in_its_field(many):
    emil = engineer()
    client = signed_in(emil.person)
    done(
        client, "conditions", "technology", name="Detector Example", version="2", detects=["known_material"],
        in_use_from="2026-10-01", used_in_union_since="2020-01-01",
    )  # fmt: skip
    counted = {"flagged": many, "reviewed": 1, "not_confirmed": 1}
    said = {"technology": Technology.objects.get().pk, "first": "2026-10-01", "last": "2026-10-31", **counted}
    assert "fault" in refused(client, "conditions", "measured", **said)
    police = {"area": "funding", "what": "text-19", "since": "2026-01-01", "amount_eur": many}
    assert "fault" in refused(signed_in(policy("RO").person), "capabilities", "police", **police)


@pytest.mark.parametrize("state", ["\x00", "R\x00", "ZZ", "ROO", "é"])
def test_a_state_that_is_none_filters_nothing(state):
    client = signed_in(policy("BE").person)
    done(client, "findings", "find", **FOUND, on="2026-11-01")
    for page in ("findings", "acting"):
        assert client.get(address(page), {"state": state}).status_code == 200
