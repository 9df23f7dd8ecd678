"""The dossier stands without us: signed, complete, and honest about what is fact."""

import io
import json
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests import cast
from tests.cases.stories import item
from tests.indicators.stories import passport
from tests.referrals.stories import chiara, confirmed, handed
from tutela.audit import actions as audit
from tutela.audit import rules as chain
from tutela.audit.models import Leaf
from tutela.indicators import actions as indicators
from tutela.indicators.rules import Fingerprint
from tutela.keys.keeper import house_signer
from tutela.provider.verifying import dossier
from tutela.referrals import actions
from tutela.referrals.models import Dossier, Referral
from tutela.referrals.rules import Purpose
from tutela.reports.models import Message
from tutela.seals.bundle import BadBundle, read_bundle
from tutela.seals.canonical import canonical
from tutela.seals.signatures import Signer

pytestmark = pytest.mark.usefixtures("desk")


def known() -> None:
    """An indicator that two people of two organisations confirmed, of the item every story sends."""
    fingerprint = Fingerprint("sha256", bytes.fromhex(item("f").digests[0].value))
    proposed = indicators.propose(fingerprint, passport=passport(), by=cast.ana().actor)
    indicators.confirm(proposed, by=cast.boris().actor)


def opened(referral: Referral) -> bytes:
    return actions.open_dossier(referral.number, by=cast.ana().actor, purpose=Purpose.HAND_OVER)


def made(*countries: str) -> tuple[Referral, bytes]:
    chiara("FR")
    (referral,) = handed(confirmed(*(countries or ("FR",))))
    return referral, opened(referral)


def said(bundle: bytes, name: str = "dossier.json") -> Any:
    return json.loads(read_bundle(bundle, "dossier", keys=[house_signer().public]).files[name])


def test_it_verifies_with_the_public_key_alone() -> None:
    referral, bundle = made()
    found = read_bundle(bundle, "dossier", keys=[house_signer().public])
    assert found.about["referral"] == referral.number
    assert found.about["authority"] == "authority:fr"
    assert sha256(bundle).digest() == bytes(referral.dossier_sha256)
    assert set(found.files) >= {"README.txt", "dossier.json", "custody.json"}
    with pytest.raises(BadBundle, match="not among the trusted"):
        read_bundle(bundle, "dossier", keys=[Signer.new().public])
    with pytest.raises(BadBundle, match="not a statement of kind 'receipt'"):
        read_bundle(bundle, "receipt", keys=[house_signer().public])


def test_chiara_verifies_it_with_the_one_command_and_no_server(tmp_path: Path) -> None:
    _, bundle = made()
    file, key = tmp_path / "dossier.zip", house_signer().public.text()
    file.write_bytes(bundle)
    assert CliRunner().invoke(dossier, ["verify", str(file), "--key-text", key]).exit_code == 0
    file.write_bytes(bundle.replace(b"How to verify", b"Now to verify"))
    altered = CliRunner().invoke(dossier, ["verify", str(file), "--key-text", key])
    assert altered.exit_code != 0
    assert "Traceback" not in altered.output
    stranger = CliRunner().invoke(dossier, ["verify", str(file), "--key-text", Signer.new().public.text()])
    assert stranger.exit_code != 0


@pytest.mark.parametrize("name", ["README.txt", "dossier.json", "custody.json", "originals/"])
def test_one_altered_byte_in_any_file_is_named(name: str) -> None:
    _, bundle = made()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive, zipfile.ZipFile(out, "w") as altered:
        for each in archive.infolist():
            data = archive.read(each)
            altered.writestr(each, data[:-1] + b"!" if each.filename.startswith(name) else data)
    with pytest.raises(BadBundle, match=rf"{name}.*not what was signed"):
        said(out.getvalue())


def test_it_holds_the_messages_byte_for_byte_and_no_other_file() -> None:
    _, bundle = made()
    files = read_bundle(bundle, "dossier", keys=[house_signer().public]).files
    kept = Message.objects.get()
    (name,) = [name for name in files if name.startswith("originals/")]
    assert name == f"originals/{kept.report_id}-001-submit.json"
    assert sha256(files[name]).digest() == bytes(kept.sha256)
    assert len(files) == 4


def test_facts_assessments_and_statements_are_told_apart_each_with_its_source() -> None:
    known()
    _, bundle = made()
    body = said(bundle)
    (report,) = body["reports"]
    natures = {
        "received": report["received"]["nature"],
        "stated": report["stated"]["nature"],
        "item": report["items"][0]["nature"],
        "match": report["matches"][0]["nature"],
        "completeness": report["completeness"]["nature"],
        "urgency": body["urgency"]["nature"],
        "decision": body["decision"]["nature"],
    }
    assert natures == {
        "received": "fact",
        "stated": "statement",
        "item": "statement",
        "match": "fact",
        "completeness": "assessment",
        "urgency": "assessment",
        "decision": "assessment",
    }
    assert (report["stated"]["source_code"], report["stated"]["information_code"]) == ("X", "4")
    assert report["stated"]["source"].startswith("Provider Example")
    assert {"A", "B", "C", "X", "1", "2", "3", "4"} == set(body["codes"])


def test_a_match_comes_with_its_distance_its_threshold_and_its_tier() -> None:
    known()
    _, bundle = made()
    (match,) = said(bundle)["reports"][0]["matches"]
    assert (match["distance_bits"], match["threshold_bits"]) == (0, 0)
    assert match["indicator"]["tier"] == "C"
    assert match["indicator"]["authority"] == "authority:ie"


def test_why_this_authority_is_told_in_the_sealed_dossier_and_in_no_column() -> None:
    """Where a person is may not stand in clear, where no erasure reaches it."""
    referral, bundle = made("FR")
    recipient = said(bundle)["recipient"]
    assert (recipient["reason"], recipient["source"]) == ("suspect: FR by a postal address", "address")
    row = Referral.objects.filter(pk=referral.pk).values().get()
    assert not any("suspect" in str(value) for value in row.values())
    assert not any(b"suspect" in bytes(leaf.content) for leaf in Leaf.objects.filter(subject=referral.subject))


def test_both_scores_are_there_with_reasons_that_add_up() -> None:
    _, bundle = made()
    body = said(bundle)
    assert body["urgency"]["points"] == sum(reason["points"] for reason in body["urgency"]["reasons"])
    completeness = body["reports"][0]["completeness"]
    assert completeness["points"] == sum(reason["points"] for reason in completeness["present"])


def test_our_people_appear_by_pseudonym_alone() -> None:
    _, bundle = made()
    readings = said(bundle)["decision"]["readings"]
    assert len({reading["reader"] for reading in readings}) == 2
    for name in (b"Ana", b"Boris", b"staff.example"):
        assert name not in bundle


def test_the_custody_trail_can_be_recomputed_leaf_by_leaf() -> None:
    chiara("FR")
    case = confirmed("FR")
    audit.chain()
    (referral,) = handed(case)
    custody = said(opened(referral), "custody.json")
    linked = [leaf for leaf in custody["leaves"] if leaf["link"]]
    assert len(linked) >= 5
    for leaf in custody["leaves"]:
        assert chain.leaf_hash(canonical(leaf["content"])).hex() == leaf["leaf_hash"]
    for leaf in linked:
        link = leaf["link"]
        again = chain.link_hash(
            bytes.fromhex(link["before"]), seq=link["seq"], leaf_id=leaf["id"], leaf=bytes.fromhex(leaf["leaf_hash"])
        )
        assert again.hex() == link["hash"]
    told = [leaf["content"]["action"] for leaf in custody["leaves"]]
    assert told[0] == "report.received"
    assert {"case.assessed", "case.confirmed", "report.originals_read", "referral.prepared"} <= set(told)


def test_every_commitment_in_the_custody_trail_is_explained() -> None:
    _, bundle = made()
    custody = said(bundle, "custody.json")
    assert {leaf["content"]["subject"] for leaf in custody["leaves"]} <= set(custody["subjects"])


def test_at_rest_it_is_sealed() -> None:
    _, bundle = made()
    kept = Dossier.objects.get()
    assert kept.size == len(bundle)
    assert b"dossier.json" in bundle
    assert b"dossier.json" not in bytes(kept.sealed)


def test_the_other_recipient_of_a_case_is_not_named_to_the_first() -> None:
    chiara("FR"), chiara("IT")
    given = handed(confirmed("FR", "IT"))
    for one, other in zip(given, given[::-1], strict=True):
        body = said(opened(one))
        assert body["recipient"]["authority"] == one.authority
        assert other.authority not in json.dumps(body["recipient"])
