"""`tutela report make`: a provider's night, from leads to receipts, used rightly and wrongly."""

import json

import pytest

from tests.provider.commands import plainly, tutela
from tests.provider.drawn_leads import OF_ONE, VIEWED, answers, lead, put
from tests.provider.kept import keep
from tutela.demo.pictures import draw, redraw
from tutela.exchange.article_18 import KIND
from tutela.exchange.messages import Report as Message
from tutela.provider.queue import Queue
from tutela.reports.models import Item, Report, ReportOutcome
from tutela.seals.bundle import BadBundle, read_bundle
from tutela.seals.signatures import PublicKey

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr("tutela.provider.wire.Patience.seconds", lambda *_: 0.0)


def queued(records):
    return Queue(records).all()


def test_leads_become_reports_with_receipts(house, tmp_path, records):
    leads = put(tmp_path, lead(1), lead(2, alike=True), lead(3, matches=()))
    known = answers(tmp_path, {"photos/same-1.png": OF_ONE, "photos/alike-2.png": OF_ONE | VIEWED})
    said = plainly(
        tutela(
            "report",
            "make",
            leads,
            "--answers",
            known,
            "--incomplete",
            "--to",
            "tutela",
            env=house.environment("bearer"),
        ),
        0,
    ).output
    assert "1 of 3 match nothing and are left out" in said
    assert said.count("is accepted") == 2
    reports = list(Report.objects.order_by("number"))
    assert [one.reference for one in reports] == [one.reference for one in queued(records)]
    assert Item.objects.count() == 2
    for one in queued(records):
        assert (one.state, one.body) == ("accepted", None)
        assert one.number in {each.number for each in reports}
        assert json.loads(one.receipt)["body"]["report"] == one.number


def test_the_same_leads_again_report_nothing_twice(house, tmp_path, records):
    leads, known = put(tmp_path, lead(1)), answers(tmp_path, **OF_ONE)
    command = ("report", "make", leads, "--answers", known, "--incomplete", "--to", "tutela")
    plainly(tutela(*command, env=house.environment("bearer")), 0)
    said = plainly(tutela(*command, env=house.environment("bearer")), 0).output
    assert "is left out: accepted as number" in said and "--again" in said
    assert Report.objects.count() == 1
    plainly(tutela(*command, "--again", env=house.environment("bearer")), 0)
    assert Report.objects.count() == 2


def test_what_only_looks_alike_is_not_sent_unseen(house, tmp_path, records):
    leads, known = put(tmp_path, lead(1, alike=True)), answers(tmp_path, **OF_ONE)
    command = ("report", "make", leads, "--answers", known, "--incomplete", "--to", "tutela")
    said = plainly(tutela(*command, env=house.environment("bearer")), 4).output
    assert "--viewed-by and --viewed-at and --viewed-as (needed)" in said
    assert Report.objects.count() == 0 and queued(records) == []
    seen = [f"--{name.replace('_', '-')}={value}" for name, value in VIEWED.items()]
    plainly(tutela(*command, *seen, env=house.environment("bearer")), 0)
    assert Report.objects.count() == 1


def test_where_the_viewer_saw_nothing_nothing_is_reported(tmp_path, records):
    known = answers(tmp_path, {"photos/alike-1.png": VIEWED | {"viewed_as": "nothing"}}, **OF_ONE)
    ran = plainly(tutela("report", "make", put(tmp_path, lead(1, alike=True)), "--answers", known), 0)
    assert "saw nothing to report" in ran.stderr and ran.stdout == ""


def test_without_a_destination_the_report_is_shown_and_nothing_leaves(tmp_path, records):
    known = answers(tmp_path, **OF_ONE)
    ran = plainly(tutela("report", "make", "-", "--answers", known, "--incomplete", stdin=lead().line()), 0)
    assert Message.model_validate_json(ran.stdout).parties[0].account_id == "account-1"
    assert not records.exists()


def test_what_is_missing_is_named_once_for_all_and_nothing_is_made(tmp_path, records):
    ran = plainly(tutela("report", "make", put(tmp_path, lead(1), lead(2)), "--to", "tutela"), 4)
    assert ran.stderr.count("--service (needed)") == 1
    assert "for: photos/same-1.png, photos/same-2.png" in ran.stderr
    assert ran.stdout == ""


def test_several_leads_together_are_one_report(house, tmp_path, records):
    leads, known = put(tmp_path, lead(1), lead(2)), answers(tmp_path, **OF_ONE, viewed_by=None)
    command = ("report", "make", leads, "--answers", known, "--together", "--to", "tutela")
    said = plainly(tutela(*command, "--incomplete", env=house.environment("bearer")), 0).output
    assert "2 files" in said
    assert (Report.objects.count(), Item.objects.count()) == (1, 2)


def test_over_the_cybertiplines_wire_to_our_own_door(house, tmp_path, records):
    env = house.environment("basic") | {"TUTELA_SERVER": house.server + "/ispws"}
    known = answers(tmp_path, {"photos/alike-2.png": VIEWED}, **OF_ONE)
    leads = put(tmp_path, lead(1), lead(2, alike=True))
    command = ("report", "make", leads, "--together", "--answers", known, "--incomplete", "--to", "ncmec")
    said = plainly(tutela(*command, env=env), 0).output
    [report] = Report.objects.all()
    assert (report.state, report.channel) == ("finished", "ispws")
    assert f"as number {report.number}" in said
    assert [bytes(item.sha256).hex() for item in Item.objects.order_by("position")] == [
        lead(1).sha256,
        lead(2, alike=True).sha256,
    ]
    [one] = queued(records)
    assert (one.state, one.number, one.body) == ("accepted", report.number, None)


def test_the_cybertipline_needs_to_know_who_reports(tmp_path, records):
    known = answers(tmp_path, **OF_ONE, reporter_email=None, reporter_name=None)
    ran = tutela("report", "make", put(tmp_path, lead()), "--answers", known, "--incomplete", "--to", "ncmec")
    assert "--reporter-email or --reporter-name (needed)" in plainly(ran, 4).stderr


def test_a_bundle_for_the_police_says_for_whom_and_why_and_verifies_offline(tmp_path, records):
    file, known = tmp_path / "bundle.zip", answers(tmp_path, **OF_ONE)
    command = ("report", "make", put(tmp_path, lead()), "--answers", known, "--incomplete")
    said = plainly(tutela(*command, "--to", f"bundle:{file}"), 0).output
    assert "Nobody has received it yet" in said and "suspect: FR by a stated place" in said
    key = said.rpartition("--key-text ")[2].strip()
    bundle = read_bundle(file.read_bytes(), KIND, keys=[PublicKey.from_text(key)])
    assert sorted(bundle.files) == ["README.txt", "page.html", "report.json", "suspicion.json"]
    suspicion = json.loads(bundle.files["suspicion.json"])
    assert [each["authority"] for each in suspicion["for"]] == ["authority:fr"]
    assert suspicion["for"][0]["ground"] == "dsa-2022-2065:art-18-1"
    assert Message.model_validate_json(bundle.files["report.json"]).items[0].digests
    assert "Genuine" in plainly(tutela("dossier", "verify", file, "--key-text", key), 0).output
    [one] = queued(records)
    assert (one.state, one.body) == ("written", None)
    file.write_bytes(file.read_bytes().replace(b"account-1", b"account-2"))
    with pytest.raises(BadBundle):
        read_bundle(file.read_bytes(), KIND, keys=[PublicKey.from_text(key)])
    plainly(tutela("dossier", "verify", file, "--key-text", key), 1)


def test_the_page_of_a_bundle_links_and_loads_nothing(tmp_path, records):
    file, known = tmp_path / "bundle.zip", answers(tmp_path, **OF_ONE, words="<script src=https://x.example></script>")
    command = ("report", "make", put(tmp_path, lead()), "--answers", known, "--incomplete")
    key = plainly(tutela(*command, "--to", f"bundle:{file}"), 0).output.rpartition("--key-text ")[2].strip()
    page = read_bundle(file.read_bytes(), KIND, keys=[PublicKey.from_text(key)]).files["page.html"].decode()
    assert "https://files.example/text-1" in page and "&lt;script" in page
    assert not any(mark in page for mark in ("<a ", "href", "<script", "<img", "<link", "url("))


@pytest.mark.parametrize(
    ("more", "told", "sentence"),
    [
        (["--established-in", "IE"], ["authority:ie", "authority:europol"], "no state is named"),
        (["--state", "unknown"], ["authority:europol"], "no seat or representative in the Union"),
        (["--state", "DE", "--because", "the victim says so"], ["authority:de"], "the victim says so"),
        (
            ["--state", "unknown", "--represented-in", "FI"],
            ["authority:fi", "authority:europol"],
            "legal representative",
        ),
    ],
)
def test_where_no_state_is_known_it_is_for_the_establishments_or_europol(tmp_path, records, more, told, sentence):
    known = answers(tmp_path, **OF_ONE | {"country": None})
    command = ("report", "make", put(tmp_path, lead()), "--answers", known, "--incomplete", "--to")
    said = plainly(tutela(*command, f"bundle:{tmp_path}", *more), 0).output
    assert sentence in said
    assert json.loads(queued(records)[0].receipt)["for"] == told


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ([], "No state is named"),
        (["--state", "US"], "is no Member State"),
        (["--state", "FR"], "--because"),
        (["--established-in", "UK"], "is no Member State"),
    ],
)
def test_for_whom_a_bundle_is_must_be_said(tmp_path, records, more, sentence):
    known = answers(tmp_path, **OF_ONE | {"country": None})
    command = ("report", "make", put(tmp_path, lead()), "--answers", known, "--incomplete", "--to")
    assert sentence in plainly(tutela(*command, f"bundle:{tmp_path / 'b.zip'}", *more), 2).stderr
    assert not (tmp_path / "b.zip").exists()


def test_a_state_outside_the_union_goes_through_europol(tmp_path, records):
    known = answers(tmp_path, **OF_ONE | {"country": "CH"})
    command = (
        "report",
        "make",
        put(tmp_path, lead()),
        "--answers",
        known,
        "--incomplete",
        "--to",
        f"bundle:{tmp_path}",
    )
    assert "outside the Union" in plainly(tutela(*command), 0).output


def test_where_the_server_is_not_there_all_wait_and_go_later(house, tmp_path, records, impatient):
    leads, known = put(tmp_path, lead(1), lead(2)), answers(tmp_path, happened_at="unknown")
    command = ("report", "make", leads, "--answers", known, "--incomplete", "--to", "tutela")
    env = house.environment("bearer")
    ran = plainly(tutela(*command, env=env | {"TUTELA_SERVER": NOWHERE}), 3)
    assert "Nothing is lost: 2 of 2 wait" in ran.stderr
    assert "For other servers wait more: http://127.0.0.1:9" in plainly(tutela("queue", "send", env=env), 0).stderr
    again = plainly(tutela(*command, env=env | {"TUTELA_SERVER": NOWHERE}), 0)
    assert again.stderr.count("is left out: waiting") == 2


def test_queued_now_sent_later(house, tmp_path, records):
    env = house.environment("bearer")
    leads, known = put(tmp_path, lead(1), lead(2)), answers(tmp_path, happened_at="unknown")
    command = ("report", "make", leads, "--answers", known, "--incomplete", "--to", "tutela", "--queue")
    plainly(tutela(*command, "--server", house.server), 0)
    assert Report.objects.count() == 0
    shown = [json.loads(line) for line in plainly(tutela("queue", "show"), 0).stdout.splitlines()]
    assert [each["state"] for each in shown] == ["waiting"] * 2
    assert "account" not in json.dumps(shown)
    assert "2 accepted, 0 refused" in plainly(tutela("queue", "send", env=env), 0).stderr
    assert "0 accepted" in plainly(tutela("queue", "send", env=env), 0).stderr
    assert Report.objects.count() == 2
    receipt = plainly(tutela("queue", "receipt", 1), 0).stdout
    assert json.loads(receipt)["kind"] == "receipt"


def test_what_is_refused_holds_back_no_other_and_can_be_dropped(house, tmp_path, records):
    env = house.environment("bearer")
    bad = "data:image/png;base64," + "iVBORw0KGgo" * 40
    known = answers(tmp_path, {"photos/same-1.png": {"words": bad}}, happened_at="unknown")
    command = ("report", "make", put(tmp_path, lead(1), lead(2)), "--answers", known, "--incomplete", "--to", "tutela")
    ran = plainly(tutela(*command, env=env), 1)
    assert "was refused" in ran.stderr and bad not in ran.output
    assert [one.state for one in queued(records)] == ["refused", "accepted"]
    plainly(tutela("queue", "again", 1), 0)
    plainly(tutela("queue", "send", env=env), 1)
    assert "stays, with its receipt" in plainly(tutela("queue", "drop", 2, "--yes"), 1).stderr
    plainly(tutela("queue", "drop", 1, "--yes"), 0)
    assert [one.state for one in queued(records)] == ["accepted"]


def test_a_wrong_secret_loses_nothing(house, tmp_path, records):
    known = answers(tmp_path, happened_at="unknown")
    command = ("report", "make", put(tmp_path, lead(1)), "--answers", known, "--incomplete", "--to", "tutela")
    plainly(tutela(*command, env=house.environment("bearer") | {"TUTELA_SECRET": "wrong"}), 1)
    assert [one.state for one in queued(records)] == ["waiting"]
    plainly(tutela("queue", "send", env=house.environment("bearer")), 0)
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--to", "nowhere"], "tutela, ncmec or bundle:FILE"),
        (["--to", "bundle:"], "tutela, ncmec or bundle:FILE"),
        (["--to", "bundle:/nowhere/at/all.zip"], "no directory"),
        (["--queue"], "--queue needs --to"),
        (["--service", "hostel"], "service:"),
        (["--happened-at", "2026-11-22T08:30"], "needs its zone"),
        (["--kept-until", "soon"], "write it as 2027-01-31"),
        (["--answers", "nowhere.json"], "does not exist"),
    ],
)
def test_wrong_use_is_one_clear_sentence(tmp_path, records, more, sentence):
    assert sentence in plainly(tutela("report", "make", put(tmp_path, lead()), *more), 2).stderr


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ('{"all": {"accont": "a"}}', "all.accont: is no name that is known here"),
        ('{"everything": {}}', "everything: is no name"),
        ('{"leads": {"other.png": {}}}', "name leads that are not here: other.png"),
        ("not json", "Invalid JSON"),
    ],
)
def test_answers_that_cannot_be_meant_are_refused(tmp_path, records, content, sentence):
    (tmp_path / "a.json").write_text(content)
    ran = tutela("report", "make", put(tmp_path, lead()), "--answers", tmp_path / "a.json")
    assert sentence in plainly(ran, 2).stderr


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"{}", b"[1]\n", b"text-1\n"])
def test_what_are_no_leads_is_said(tmp_path, records, content):
    (tmp_path / "leads").write_bytes(content)
    said = plainly(tutela("report", "make", tmp_path / "leads"), 2).stderr
    assert "tutela match" in said


def test_records_of_another_version_or_of_somebody_else_are_left_alone(tmp_path, records):
    records.mkdir()
    (records / "reports.sqlite3").write_bytes(b"text-1" * 100)
    said = plainly(tutela("queue", "show"), 1).stderr
    assert "cannot be used for records" in said
    assert (records / "reports.sqlite3").read_bytes() == b"text-1" * 100


def test_only_its_owner_reads_the_records(tmp_path, records):
    plainly(tutela("queue", "show"), 0)
    assert (records / "reports.sqlite3").stat().st_mode & 0o077 == 0
    assert records.stat().st_mode & 0o077 == 0


def test_a_providers_night_from_files_to_outcomes(house, tmp_path, records):
    """What `tutela match` writes is what `tutela report make` reads; the answer comes back by `tutela outcomes`."""
    env = house.environment("bearer") | {"TUTELA_LISTS": str(keep(tmp_path / "lists"))}
    (tmp_path / "photos").mkdir()
    for name, picture in (("same", draw(1)), ("alike", redraw(2, variation=3)), ("other", draw(77))):
        (tmp_path / "photos" / name).write_bytes(picture.data)
    leads = tmp_path / "leads.jsonl"
    leads.write_text(plainly(tutela("match", tmp_path / "photos", "--only-matches", "--json", env=env), 10).stdout)
    alike = f"{tmp_path}/photos/alike"
    known = answers(tmp_path, {alike: VIEWED}, happened_at="unknown")
    said = plainly(tutela("report", "make", leads, "--answers", known, "--incomplete", "--to", "tutela", env=env), 0)
    assert said.stdout.count("is accepted") == 2
    report = Report.objects.order_by("number").first()
    ReportOutcome.objects.create(report=report, authority="authority:fr", code="wrong_delete")
    assert f"report {report.number} (your reference lead-" in plainly(tutela("outcomes", env=env), 12).stderr


def test_a_kept_report_is_completed_and_the_new_receipt_takes_the_place_of_the_old(house, tmp_path, records):
    env, known = house.environment("bearer"), answers(tmp_path, happened_at="unknown")
    command = ("report", "make", put(tmp_path, lead()), "--answers", known, "--incomplete", "--to", "tutela")
    (tmp_path / "kept").mkdir()
    plainly(tutela(*command, "--keep", tmp_path / "kept", env=env), 0)
    [file] = (tmp_path / "kept").iterdir()
    assert file.stat().st_mode & 0o077 == 0
    fuller = json.loads(file.read_text()) | {"places": [{"kind": "web", "urls": ["https://files.example/a"]}]}
    file.write_text(json.dumps(fuller))
    (tmp_path / "receipt").write_text(plainly(tutela("queue", "receipt", 1), 0).stdout)
    plainly(tutela("report", "complete", file, "--with", tmp_path / "receipt", env=env), 0)
    now = json.loads(plainly(tutela("queue", "receipt", 1), 0).stdout)
    before = json.loads((tmp_path / "receipt").read_text())
    assert now["body"]["report"] == before["body"]["report"]
    assert now["body"]["completeness"]["points"] > before["body"]["completeness"]["points"]


def test_what_a_server_has_may_be_handed_to_the_police_too(house, tmp_path, records):
    known = answers(tmp_path, **OF_ONE)
    command = ("report", "make", put(tmp_path, lead()), "--answers", known, "--incomplete", "--to")
    plainly(tutela(*command, "tutela", env=house.environment("bearer")), 0)
    plainly(tutela(*command, f"bundle:{tmp_path / 'b.zip'}"), 0)
    again = plainly(tutela(*command, f"bundle:{tmp_path / 'c.zip'}"), 0)
    assert "is left out: written" in again.stderr and not (tmp_path / "c.zip").exists()
