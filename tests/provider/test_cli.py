import json

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import cast
from tests.provider import written
from tutela.cli import main
from tutela.provider.client import to_bytes
from tutela.reports.models import Item, Report
from tutela.seals.bundle import write_bundle
from tutela.seals.canonical import canonical
from tutela.seals.signatures import Signer

NOWHERE = "http://127.0.0.1:9"
BODY = {
    "report": 10_000_001,
    "received_at": "2026-11-23T20:00:00+00:00",
    "body_sha256": "00" * 32,
    "completeness": {"points": 40},
    "items": [],
    "original": "hashed, not stored: keep the original",
}


def tutela(*said: object, env: dict[str, str] | None = None):
    return CliRunner(env={"TUTELA_SERVER": "", "TUTELA_USERNAME": "", "TUTELA_SECRET": ""} | (env or {})).invoke(
        main, [str(one) for one in said]
    )


def plainly(ran, exit_code: int) -> str:
    """A sentence, never a traceback."""
    assert ran.exit_code == exit_code, ran.output
    assert ran.exception is None or isinstance(ran.exception, SystemExit)
    assert "Traceback" not in ran.output
    return ran.output


def test_written_reports_arrive_with_their_details_and_without_bytes(house, tmp_path):
    paths = written.put(tmp_path, "01-first", items=2) + written.put(tmp_path, "02-second")
    said = plainly(tutela("send", *paths, env=house.environment()), 0)
    numbers = list(Report.objects.order_by("number").values_list("number", flat=True))
    assert [report.state for report in Report.objects.all()] == ["finished"] * 2
    assert all(str(number) in said for number in numbers)
    items = Item.objects.order_by("position")
    assert [bytes(one.sha256).hex() for one in items] == [f"{n:064x}" for n in (1, 2)]
    assert not any(one.hashed_here for one in items)


def test_the_same_command_again_doubles_nothing(house, tmp_path):
    paths = written.put(tmp_path, "a", items=1) + written.put(tmp_path, "b")
    plainly(tutela("send", *paths, env=house.environment()), 0)
    said = plainly(tutela("send", *paths, env=house.environment()), 0)
    assert said.count("sent before") == 2
    assert (Report.objects.count(), Item.objects.count()) == (2, 1)


def test_one_refused_report_does_not_hold_back_the_others(house, tmp_path):
    paths = written.put(tmp_path, "a", written.report(additional=["data:image/png;base64," + "iVBORw0KGgo" * 40]))
    said = plainly(tutela("send", *paths, *written.put(tmp_path, "b"), env=house.environment()), 1)
    assert "not accepted" in said
    assert Report.objects.count() == 1


def test_a_wrong_secret_sends_nothing(house, tmp_path):
    env = house.environment() | {"TUTELA_SECRET": "wrong"}
    assert "credentials" in plainly(tutela("send", *written.put(tmp_path, "a"), env=env), 1)
    assert Report.objects.count() == 0


def test_a_secret_that_was_copied_with_its_line_is_read_and_one_that_cannot_be_sent_is_named(house, tmp_path):
    env = house.environment()
    copied = env | {"TUTELA_SECRET": env["TUTELA_SECRET"] + "\r"}
    assert tutela("send", *written.put(tmp_path, "a"), env=copied).exit_code == 0
    broken = env | {"TUTELA_SECRET": "text-3\r\ntext-3"}
    assert "the end of a line" in plainly(tutela("send", *written.put(tmp_path, "b"), env=broken), 1)
    assert Report.objects.count() == 1


def test_a_server_that_is_not_ours_gets_neither_report_nor_credential(house, tmp_path):
    env = house.environment() | {"TUTELA_SERVER": house.server + "/about"}
    assert "is not a Tutela server" in plainly(tutela("send", *written.put(tmp_path, "a"), env=env), 1)


def test_a_server_that_is_not_there_is_told_by_the_exit_code(house, tmp_path, monkeypatch):
    monkeypatch.setattr("tutela.provider.wire.time.sleep", lambda seconds: None)
    monkeypatch.setattr("tutela.provider.wire.Patience.seconds", lambda *_: 0.0)
    env = house.environment() | {"TUTELA_SERVER": NOWHERE}
    assert "cannot be reached" in plainly(tutela("send", *written.put(tmp_path, "a"), env=env), 3)


@pytest.mark.parametrize(
    ("said", "env", "sentence"),
    [
        (["send"], {}, "Missing argument"),
        (["send", "nowhere.report.xml"], {}, "does not exist"),
        (["report", "show", "1"], {}, "--server and --username"),
        (["report", "show", "1"], {"TUTELA_SERVER": NOWHERE}, "--username"),
        (["report", "show", "1"], {"TUTELA_SERVER": NOWHERE, "TUTELA_USERNAME": "a"}, "Set TUTELA_SECRET"),
        (["report", "show", "none"], {}, "not a valid integer"),
        (["report", "show", "0"], {}, "0"),
        (["receipt", "verify"], {}, "Missing argument"),
        (["dossier", "verify", __file__], {}, "which key you trust"),
        (["dossier", "verify", __file__, "--key-text", "short"], {}, "32 bytes in base64"),
        (["dossier", "verify", __file__, "--key", __file__], {}, "neither a keys.json nor"),
        (["dossier", "verify", __file__, "--key", __file__, "--key-text", "a"], {}, "one of them"),
    ],
)
def test_wrong_use_is_one_clear_sentence(said, env, sentence):
    assert sentence in plainly(tutela(*said, env=env), 2)


def test_plain_http_to_elsewhere_is_refused():
    env = {"TUTELA_SERVER": "http://tutela.example", "TUTELA_USERNAME": "a", "TUTELA_SECRET": "b"}
    assert "https" in plainly(tutela("report", "show", "1", env=env), 1)


def test_a_report_as_json_is_sent_followed_and_its_receipt_verified_offline(house, tmp_path):
    message, env = tmp_path / "report.json", house.environment("bearer")
    message.write_bytes(to_bytes(cast.report()))
    said = plainly(tutela("report", "send", message, "--receipt", tmp_path / "receipt", env=env), 0)
    number = Report.objects.get().number
    assert f"Report {number} is accepted." in said
    assert "sent before" in plainly(tutela("report", "send", message, env=env), 0)
    assert "received" in plainly(tutela("report", "show", number, env=env), 0)
    from tutela.keys.keeper import house_signer

    key = house_signer().public.text()
    said = plainly(tutela("receipt", "verify", tmp_path / "receipt", "--key-text", key), 0)
    assert f"Genuine. Report {number}" in said


def test_a_report_is_completed_with_its_receipt(house, tmp_path):
    env, first, fuller = house.environment("bearer"), cast.report(), tmp_path / "fuller.json"
    (tmp_path / "first.json").write_bytes(to_bytes(first))
    fuller.write_bytes(to_bytes(first.model_copy(update={"items": [written.item(1)]})))
    plainly(tutela("report", "send", tmp_path / "first.json", "--receipt", tmp_path / "receipt", env=env), 0)
    said = plainly(tutela("report", "complete", fuller, "--with", tmp_path / "receipt", env=env), 0)
    assert f"Report {Report.objects.get().number} is accepted." in said
    assert Item.objects.count() == 1
    assert "is no receipt" in plainly(tutela("report", "complete", fuller, "--with", fuller, env=env), 1)


def test_what_is_no_report_is_refused_here_by_place_and_not_by_value(house, tmp_path):
    message = tmp_path / "report.json"
    message.write_text('{"kind": "text-of-somebody"}')
    said = plainly(tutela("report", "send", message, env=house.environment("bearer")), 1)
    assert "kind: " in said and "incident: " in said and "text-of-somebody" not in said
    assert Report.objects.count() == 0


def test_somebody_elses_report_is_answered_like_one_that_does_not_exist(house):
    env = house.environment("bearer")
    assert "nothing here for you" in plainly(tutela("report", "show", 10_000_001, env=env), 1)


def test_a_genuine_receipt_is_verified_by_either_form_of_the_key(tmp_path):
    signer, receipt = Signer.new(), tmp_path / "receipt"
    receipt.write_bytes(canonical(signer.statement("receipt", BODY)))
    (tmp_path / "keys.json").write_text(json.dumps({"keys": [{"public": signer.public.text()}]}))
    (tmp_path / "key").write_text(signer.public.text() + "\n")
    for key in ("keys.json", "key"):
        assert "Genuine" in plainly(tutela("receipt", "verify", receipt, "--key", tmp_path / key), 0)
    other = Signer.new().public.text()
    assert "not among the trusted" in plainly(tutela("receipt", "verify", receipt, "--key-text", other), 1)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_receipt_with_any_byte_changed_is_not_genuine(tmp_path, data):
    """n = 200. What may differ is how a signature's last base64 letter pads: then the body is the signed one still."""
    signer = Signer.new()
    genuine = canonical(signer.statement("receipt", BODY))
    at = data.draw(st.integers(0, len(genuine) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != genuine[at]))
    changed = genuine[:at] + bytes([byte]) + genuine[at + 1 :]
    (tmp_path / "receipt").write_bytes(changed)
    ran = tutela("receipt", "verify", tmp_path / "receipt", "--key-text", signer.public.text())
    if ran.exit_code == 0:
        assert json.loads(changed)["body"] == BODY
    else:
        plainly(ran, 1)


def test_a_dossier_is_verified_file_by_file_and_a_tampered_one_named(tmp_path):
    signer, dossier = Signer.new(), tmp_path / "dossier.zip"
    bundle = write_bundle("dossier", {"referral": 1}, {"dossier.json": b"{}", "README.txt": b"text-1"}, signer=signer)
    dossier.write_bytes(bundle)
    said = plainly(tutela("dossier", "verify", dossier, "--key-text", signer.public.text()), 0)
    assert "Genuine" in said and "README.txt" in said
    dossier.write_bytes(bundle.replace(b"text-1", b"text-2"))
    plainly(tutela("dossier", "verify", dossier, "--key-text", signer.public.text()), 1)
    other = write_bundle("evidence", {}, {}, signer=signer)
    dossier.write_bytes(other)
    assert "kind" in plainly(tutela("dossier", "verify", dossier, "--key-text", signer.public.text()), 1)
