"""What a command or a service compares with: never a list that is not there, and never an old one without a word."""

import logging
from datetime import UTC, datetime
from io import BytesIO

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.provider.commands import plainly, tutela
from tests.provider.publisher import SERVER, Publisher, entry, sync
from tutela.matching.catalogue import Entry, Label
from tutela.matching.lists import BadList
from tutela.provider.comparing import Comparer
from tutela.provider.lists import Lists

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
VALUE = (1).to_bytes(16, "big")
UNCONFIRMED = "The list baseline was last confirmed until 2020-01-02 00:01 UTC"


@pytest.fixture
def home(tmp_path):
    """One list synced long ago, of which every entry has expired since; one imported."""
    publisher = Publisher()
    publisher.issued_at = LONG_AGO
    publisher.publish([entry("gone", 1, expires_on="2020-02-01")])
    kept = Lists(tmp_path / "lists")
    kept.trust(SERVER, [publisher.signer.public])
    sync(kept, publisher)
    kept.import_("own", [Entry("here", "md5", VALUE, Label("own", "", ""))])
    pq.write_table(pa.table({"md5": [VALUE]}), tmp_path / "back.parquet")
    return tmp_path


def asked(home, *said):
    return tutela(*said, "--lists", home / "lists", stdin=VALUE.hex())


def bulk(home):
    (home / "out").unlink(missing_ok=True)
    return ("bulk", "match", home / "back.parquet", "--workers", 1, "--out", home / "out")


def commands(home):
    return [("match", "-"), bulk(home)]


def test_each_command_names_the_list_that_nobody_confirms_any_more(home):
    for command, code in zip(commands(home), (10, 0), strict=True):
        assert UNCONFIRMED in plainly(asked(home, *command), code).stderr


def test_where_only_others_are_asked_it_is_not_spoken_of(home):
    for command, code in zip(commands(home), (10, 0), strict=True):
        assert "confirmed" not in plainly(asked(home, *command, "--list", "own"), code).stderr


def test_a_list_of_which_everything_expired_is_still_a_list(home):
    for command in commands(home):
        ran = plainly(asked(home, *command, "--list", "baseline"), 0)
        assert UNCONFIRMED in ran.stderr
    assert pq.read_metadata(home / "out").num_rows == 0


def test_a_list_that_is_not_here_is_refused_by_name(home):
    for command in commands(home):
        ran = plainly(asked(home, *command, "--list", "nobody's", "--list", "own"), 2)
        assert "No list here is named nobody's; these are: baseline, own." in ran.stderr


def test_a_service_is_told_once_of_a_list_that_nobody_confirms(home, caplog, monkeypatch):
    monkeypatch.setattr("tutela.provider.comparing.LOOKS_AGAIN_SECONDS", -1.0)
    comparer = Comparer(home / "lists")
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            comparer.stream("a", BytesIO(b"text-3"))
    assert [record.getMessage()[: len(UNCONFIRMED)] for record in caplog.records] == [UNCONFIRMED]


def test_a_service_that_names_a_list_which_is_not_there_is_not_told_that_nothing_matches(home):
    with pytest.raises(BadList, match="No list here is named basline"):
        Comparer(home / "lists", lists=["basline"]).stream("a", BytesIO(b"text-3"))
