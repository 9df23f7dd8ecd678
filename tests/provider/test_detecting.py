"""A comparison is detection: on a day on which no law allows it, a service is refused with the reason."""

import logging
from datetime import date
from io import BytesIO

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.provider import kept
from tests.provider.commands import plainly, tutela
from tutela.demo.pictures import draw
from tutela.provider import comparing, detecting
from tutela.provider.comparing import Comparer

GAP, AFTER = date(2026, 5, 1), date(2026, 8, 15)
SAME = draw(2)


@pytest.fixture
def lists(tmp_path):
    return kept.keep(tmp_path / "lists")


@pytest.fixture
def on(monkeypatch):
    return lambda day: monkeypatch.setattr(detecting, "today", lambda: day)


@pytest.fixture(params=["match", "parquet", "bulk match", "bulk seek"])
def compared(request, lists, tmp_path):
    """Each verb that compares; what it would write is there or is not."""
    files, catalogue, out = tmp_path / "files", tmp_path / "hashes.parquet", tmp_path / "out.parquet"
    files.mkdir()
    (files / "same").write_bytes(SAME.data)
    pq.write_table(pa.table({"sha256": [SAME.digests.sha256]}), catalogue)
    said = {
        "match": ["match", files, "--lists", lists],
        "parquet": ["match", catalogue, "--lists", lists, "--out", out],
        "bulk match": ["bulk", "match", catalogue, "--lists", lists, "--out", out],
        "bulk seek": ["bulk", "seek", SAME.digests.sha256, "--in", catalogue, "--out", out],
    }[request.param]
    return lambda *more, **env: (tutela(*said, *more, env=env), out)


def test_in_the_gap_nothing_is_compared_for_messages_and_the_reason_is_said(compared, on):
    on(GAP)
    ran, out = compared("--service", "interpersonal")
    plainly(ran, detecting.NO_BASIS)
    assert "On 2026-05-01 no legal basis is recorded for detection by interpersonal services." in ran.stderr
    assert "applied until 2026-04-03" in ran.stderr and "applies from 2026-07-31" in ran.stderr
    assert ran.stderr.endswith("Nothing was compared.\n")
    assert ran.stdout == "" and not out.exists()


@pytest.mark.parametrize(
    ("day", "service", "basis"),
    [(AFTER, "interpersonal", "2026/1881"), (GAP, "hosting", "Digital Services Act, Article 7")],
)
def test_where_a_law_allows_it_the_law_is_named_first(compared, on, day, service, basis):
    on(day)
    ran, _ = compared(TUTELA_SERVICE=service)
    assert ran.exit_code in (0, 10), ran.output
    assert basis in ran.stderr.splitlines()[0]


def test_where_no_service_was_named_it_says_that_nobody_looked(compared, on):
    on(GAP)
    ran, _ = compared()
    assert ran.exit_code in (0, 10), ran.output
    assert "No --service was named" in ran.stderr


def test_with_the_laws_answer_taken_out_the_gap_is_compared(compared, on, monkeypatch):
    on(GAP)
    allowed = detecting.basis_on(AFTER, "interpersonal", "detection")
    monkeypatch.setattr(detecting, "basis_on", lambda *_: allowed)
    ran, out = compared("--service", "interpersonal")
    assert ran.exit_code in (0, 10), ran.output
    assert ran.stdout or out.exists()


def test_what_is_no_service_is_refused_by_name(compared):
    ran, _ = compared("--service", "text-3")
    assert "'interpersonal', 'number-based', 'hosting'" in plainly(ran, 2).stderr


def test_a_services_uploads_go_on_uncompared_in_the_gap_and_a_lead_says_so_once_to_the_log(
    lists, on, monkeypatch, caplog
):
    on(GAP)
    monkeypatch.setattr(comparing, "hash_stream", lambda *_: pytest.fail("it was hashed"))
    comparer = Comparer(lists, service="interpersonal")
    with caplog.at_level(logging.WARNING):
        leads = [comparer.stream(name, BytesIO(SAME.data)) for name in ("a", "b")]
    assert [(lead.name, lead.matches) for lead in leads] == [("a", ()), ("b", ())]
    assert all("no legal basis" in lead.refused for lead in leads)
    assert len(caplog.records) == 1


def test_the_day_the_law_applies_again_they_are_compared(lists, on, monkeypatch):
    monkeypatch.setenv("TUTELA_SERVICE", "interpersonal")
    comparer = Comparer(lists)
    on(GAP)
    assert not comparer.stream("a", BytesIO(SAME.data)).matches
    on(AFTER)
    assert comparer.stream("a", BytesIO(SAME.data)).is_exact


def test_a_service_that_is_none_is_refused_before_the_first_upload(lists):
    with pytest.raises(ValueError, match="interpersonal"):
        Comparer(lists, service="text-3")
