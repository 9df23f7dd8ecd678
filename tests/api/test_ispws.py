import io
import tempfile
from pathlib import Path

import pytest
from PIL import Image

from tests import cast
from tutela.exchange import cybertip, messages
from tutela.exchange.cybertip import read_answer
from tutela.reports import actions
from tutela.reports.actions import Purpose
from tutela.reports.models import Item, Report


def said(answer, code: int):
    assert answer["Content-Type"].startswith("text/xml")
    assert answer["Request-ID"]
    read = read_answer(answer.content)
    assert read.code == code, answer.content
    return read


def opened(provider) -> int:
    body = cybertip.write_report(ispws_report())
    number = said(provider.ispws("submit", body), 0).report_id
    assert number is not None
    return number


def ispws_report() -> messages.Report:
    reporter = {"person": {"first_name": "Trust", "emails": [{"address": "reports@provider.example"}]}}
    return cast.report(reference=None, reporter=reporter)


def drawn() -> bytes:
    picture = Image.linear_gradient("L").resize((300, 200)).rotate(17)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def upload(provider, number: int, data: bytes, name: str = "file-1.png"):
    file = io.BytesIO(data)
    file.name = name
    return provider.ispws("upload", {"id": str(number), "file": file})


def test_status_says_who_is_speaking_and_names_no_report(provider):
    read = said(provider.ispws("status"), 0)
    assert read.description.startswith("Remote User : ba-")
    assert read.report_id is None


def test_the_schema_is_given(provider):
    answer = provider.ispws("xsd")
    assert answer.status_code == 200
    assert b"<xs:schema" in answer.content


def test_a_report_goes_in_by_submit_upload_fileinfo_finish(provider):
    number = opened(provider)
    sent = said(upload(provider, number, drawn()), 0)
    assert sent.description == "hashed, not stored: keep the original"
    item = messages.Item(name="file-1.png", viewed_by_provider=True)
    said(provider.ispws("fileinfo", cybertip.write_file_details(number, sent.file_id, item)), 0)
    done = said(provider.ispws("finish", {"id": str(number)}), 0)
    assert done.file_ids == (sent.file_id,)
    message = actions.open_message(number, by=cast.ana().actor, purpose=Purpose.ASSESSMENT)
    assert [one.name for one in message.items] == ["file-1.png"]
    kept = Item.objects.get(report=number)
    assert bytes(kept.md5).hex() == sent.hash
    assert (kept.hashed_here, len(bytes(kept.pdq)), kept.pdq_quality is not None) == (True, 32, True)


def test_no_byte_of_an_upload_is_left_anywhere(provider, tmp_path, monkeypatch):
    """Searched: the temporary directory during and after, and every table. n = 1 upload of 3 MB with a marker."""
    from django.db import connection

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    marker = b"marker-5d1c8a7e"
    number = opened(provider)
    said(upload(provider, number, marker * 200_000, "file-1.bin"), 0)
    assert list(Path(tmp_path).rglob("*")) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{marker.hex()}%"])
            assert cursor.fetchone()[0] == 0, table


def test_a_wrong_file_is_hashed_all_the_same(provider):
    number = opened(provider)
    for data in (b"", b"text-1", drawn()[:100]):
        read = said(upload(provider, number, data), 0)
        assert read.hash
    assert Item.objects.filter(report=number, pdq=None).count() == 3


def test_retract_takes_back_what_was_not_finished(provider):
    number = opened(provider)
    said(provider.ispws("retract", {"id": str(number)}), 0)
    said(provider.ispws("retract", {"id": str(number)}), 5101)
    said(provider.ispws("finish", {"id": str(number)}), 5101)
    said(upload(provider, number, b"text-1"), 5101)


def test_a_finished_report_is_not_finished_again(provider):
    number = opened(provider)
    said(provider.ispws("finish", {"id": str(number)}), 0)
    answer = provider.ispws("finish", {"id": str(number)})
    said(answer, 5102)
    assert b"<reportDoneResponse" in answer.content
    said(provider.ispws("retract", {"id": str(number)}), 5102)


@pytest.mark.parametrize("number", ["1", "99999999"])
def test_an_unknown_report_is_5001(provider, number):
    said(provider.ispws("finish", {"id": number}), 5001)
    said(provider.ispws("retract", {"id": number}), 5001)
    said(upload(provider, int(number), b"text-1"), 5001)
    known = messages.Item(digests=[messages.Digest(algorithm="MD5", value="0" * 32)])
    said(provider.ispws("fileinfo", cybertip.write_file_details(int(number), None, known)), 5001)


def test_the_stranger_cannot_tell_anothers_report_from_none(provider, stranger):
    number = opened(provider)
    for call in ("finish", "retract"):
        theirs, none = stranger.ispws(call, {"id": str(number)}), stranger.ispws(call, {"id": "99999999"})
        # The answer names the number it was asked about, and nothing else differs.
        assert (theirs.status_code, theirs.content.replace(b"%d" % number, b"99999999")) == (404, none.content)
        assert theirs.headers.keys() == none.headers.keys()
    assert Report.objects.get(pk=number).state == "open"


def test_an_unknown_file_is_5002(provider):
    number = opened(provider)
    details = cybertip.write_file_details(number, "0" * 32, messages.Item(name="a"))
    said(provider.ispws("fileinfo", details), 5002)


def test_without_or_with_wrong_credentials_it_is_2000(provider):
    for header in (None, "", "Basic", "Basic x", "Basic eDp5", provider.bearer, provider.basic[:-4]):
        headers = {"Authorization": header} if header is not None else {}
        answer = provider.client.get("/ispws/status", headers=headers)
        assert answer.status_code == 401
        said(answer, 2000)


def test_a_credential_that_may_not_report_is_3100(db):
    from tests.api.conftest import machine_of
    from tutela.accounts.policy import Role

    officer = machine_of(cast.organisation("national_authority"), role=Role.AUTHORITY_OFFICER)
    said(officer.ispws("status"), 3100)


HEAD = b"<?xml version='1.0' encoding='UTF-8'?>"
LAUGHS = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 9))


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("empty", b"", 4110),
        ("not XML", b"text-1", 4110),
        ("cut half-way", cybertip.write_report(ispws_report())[:200], 4110),
        ("a document type", HEAD + b'<!DOCTYPE report SYSTEM "http://192.0.2.1/x.dtd"><report/>', 4000),
        ("an entity", HEAD + b'<!DOCTYPE r [<!ENTITY a SYSTEM "file:/etc/passwd">]><report>&a;</report>', 4000),
        (
            "a thousand million laughs",
            HEAD + b'<!DOCTYPE r [<!ENTITY a0 "a">' + LAUGHS + b"]><report>&a8;</report>",
            4000,
        ),
        ("five megabytes of nesting", b"<report>" * 625_000, 4000),
        ("nested deep", b"<a>" * 5_000 + b"</a>" * 5_000, 4110),
        ("a comment", b"<report><!-- text-1 --></report>", 4000),
        ("a namespace", b'<report xmlns:q="text-1"/>', 4000),
        ("wrong order", b"<report><reporter/><incidentSummary/></report>", 4100),
        ("another root", b"<fileDetails/>", 4100),
        ("an unknown element", b"<report><canary/></report>", 4100),
    ],
)
def test_bad_xml_gets_its_documented_code_and_no_echo(provider, name, body, code):
    answer = provider.ispws("submit", body)
    read_answer(answer.content)
    assert read_answer(answer.content).code in ({code, 4000, 4110} if name == "nested deep" else {code}), answer.content
    assert answer.status_code in (400, 413)
    assert b"192.0.2.1" not in answer.content
    assert b"passwd" not in answer.content
    assert Report.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("an unknown enumeration value", b"Child Pornography", b"Canary Value"),
        ("a date that is none", b"2026-10-03T14:05:09Z", b"canary"),
        ("an oversize field", b"Trust", b"canary" * 2000),
    ],
)
def test_a_value_outside_its_rule_is_4100_and_not_repeated(provider, name, old, new):
    body = cybertip.write_report(ispws_report())
    assert old in body
    answer = provider.ispws("submit", body.replace(old, new))
    said(answer, 4100)
    assert b"anary" not in answer.content


def test_a_call_with_the_wrong_method_or_without_its_field_is_4000(provider):
    said(provider.ispws("submit"), 4000)
    for wrong in ({}, {"id": ""}, {"id": "x"}, {"id": "9" * 40}, {"id": "-1"}, {"id": "1\x00"}):
        said(provider.ispws("finish", wrong), 4000)
    number = opened(provider)
    answer = provider.ispws("upload", {"id": str(number)})
    assert read_answer(answer.content).code in (4000, 5002)
    answer = provider.ispws("upload", b"--x\r\ncut", content_type="multipart/form-data; boundary=x")
    assert read_answer(answer.content).code == 4000


def test_a_resend_of_submit_is_answered_with_the_first_number(provider):
    body = cybertip.write_report(ispws_report())
    first, again = (said(provider.ispws("submit", body), 0).report_id for _ in range(2))
    assert first == again
    assert Report.objects.count() == 1


def test_a_picture_in_a_text_is_4100(provider):
    import base64

    smuggled = base64.b64encode(drawn() * 3).decode()[:2000]
    message = ispws_report().model_copy(update={"additional": [smuggled]})
    said(provider.ispws("submit", cybertip.write_report(message)), 4100)
    assert Report.objects.count() == 0


def test_a_file_among_fields_that_are_too_large_or_too_many_is_4000_and_never_5xx(provider):
    number = opened(provider)
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\ntext-1\r\n'
    large = b'--x\r\nContent-Disposition: form-data; name="id"\r\n\r\n' + b"1" * 1_100_000 + b"\r\n--x--\r\n"
    for body in (head + large, head * 120 + b"--x--\r\n"):
        said(provider.ispws("upload", body, content_type="multipart/form-data; boundary=x"), 4000)
    assert Item.objects.filter(report=number).count() == 0


def test_a_file_that_is_too_large_is_said_so(provider, monkeypatch):
    monkeypatch.setattr("tutela.api.uploads.LARGEST", 1000)
    answer = said(upload(provider, opened(provider), b"x" * 100_000), 4200)
    assert "larger than" in answer.description
