"""`tutela law`: the records are walked, and a broken one is named."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import tutela
from tutela.law.catalogue import STALE_AFTER_DAYS, Record, check, check_records
from tutela.law.cli import law
from tutela.law.sources import Certainty, Source

TODAY = date(2026, 11, 23)
SOURCE = Source(source_url="https://act.example/", checked_on=TODAY, certainty=Certainty.VERIFIED)


def run(*words: str) -> Result:
    return CliRunner().invoke(law, list(words))


def test_the_catalogue_as_shipped_is_valid() -> None:
    report = check(TODAY)
    assert report.problems == ()
    assert report.stale == ()


def test_the_catalogue_counts_what_the_page_and_the_law_hold() -> None:
    counts = check(TODAY).counts
    expected = {"initiative": 8, "page entry": 9, "focus": 3, "condition": 20, "form field": 147, "authority": 28}
    assert expected.items() <= counts.items()
    assert sum(check(TODAY).certainties.values()) == sum(counts.values())


def test_records_nobody_looked_at_for_a_year_warn_and_do_not_fail() -> None:
    later = check(TODAY + timedelta(days=STALE_AFTER_DAYS + 1))
    assert later.is_valid
    assert len(later.stale) == sum(later.counts.values())


def test_a_record_checked_in_the_future_is_a_problem() -> None:
    assert not check(TODAY - timedelta(days=1)).is_valid


def test_an_id_used_twice_and_a_reference_that_leads_nowhere_are_problems() -> None:
    records = [Record("provision", "a:art-1", SOURCE), Record("basis", "b", SOURCE, ("a:art-2",))]
    assert list(check_records(records, TODAY)) == ["b: cites 'a:art-2', which is not a record"]
    assert list(check_records([records[0], replace(records[0])], TODAY)) == ["a:art-1: the id is used 2 times"]


def test_check_prints_json_that_a_machine_can_count() -> None:
    result = run("check", "--json", "--on", "2026-11-23")
    found = json.loads(result.stdout)
    assert result.exit_code == 0
    assert found["valid"] is True
    assert found["counts"]["initiative"] == 8
    assert found["problems"] == found["stale"] == []


def test_check_warns_of_stale_records_on_the_error_stream() -> None:
    result = run("check", "--on", "2028-01-01")
    assert result.exit_code == 0
    assert "not checked for a year" in result.stderr


@pytest.mark.parametrize(
    ("day", "service", "code", "says"),
    [
        ("2026-05-01", "interpersonal", 3, "applied until 2026-04-03"),
        ("2026-08-15", "interpersonal", 0, "2026/1881"),
        ("2022-01-10", "interpersonal", 0, "2021/1232"),
        ("2026-05-01", "hosting", 0, "Digital Services Act"),
    ],
)
def test_basis_answers_with_its_sentence_and_its_exit_code(day: str, service: str, code: int, says: str) -> None:
    result = run("basis", "--on", day, "--service", service, "--purpose", "detection")
    assert result.exit_code == code
    assert says in result.stdout


def test_basis_refuses_encrypted_communications_and_receives_the_report_all_the_same() -> None:
    words = ["basis", "--on", "2022-01-10", "--service", "interpersonal", "--end-to-end-encrypted", "--json"]
    assert json.loads(run(*words, "--purpose", "detection").stdout)["allowed"] is False
    assert json.loads(run(*words, "--purpose", "receive").stdout)["allowed"] is True


@pytest.mark.parametrize("words", [["--on", "May"], ["--service", "pigeon"], ["--purpose", "curiosity"]])
def test_basis_refuses_a_wrong_word_as_a_usage_error(words: list[str]) -> None:
    result = run("basis", "--service", "hosting", "--purpose", "detection", *words)
    assert result.exit_code == 2


def test_provisions_lists_instruments_and_the_provisions_of_one() -> None:
    listed = run("provisions").stdout
    assert "dir-2011-93" in listed
    assert "csar-2022-209" not in listed
    assert "dir-2011-93:art-25-1" in run("provisions", "dir-2011-93").stdout


def test_a_proposal_is_listed_only_with_its_profile_and_its_rows_from_memory_marked() -> None:
    assert run("provisions", "csar-2022-209").exit_code == 2
    shown = run("provisions", "csar-2022-209", "--profile", "csar").stdout
    assert "art-13-1-a" not in shown
    everything = run("provisions", "csar-2022-209", "--profile", "csar", "--unverified").stdout
    assert "[not verified]" in everything
    assert run("provisions", "--profile", "utopia").exit_code == 2


def drop_provision(data: Path) -> None:
    path = data / "instruments" / "dir-2011-93.toml"
    path.write_text(path.read_text().replace("dir-2011-93:art-16-2", "dir-2011-93:art-16-3"))


def spoil_authority(data: Path) -> None:
    path = data / "authorities" / "fr.toml"
    path.write_text(path.read_text().replace("authority:fr", "authority:xx"))


def switch_on_an_unverified_line(data: Path) -> None:
    path = data / "helplines" / "be.toml"
    path.write_text(path.read_text().replace("enabled = false", "enabled = true"))


def take_a_source_away(data: Path) -> None:
    path = data / "timeline" / "2011-2019.toml"
    path.write_text(path.read_text().replace("https://eur-lex.europa.eu/eli/dir/2011/93/oj", "", 1))


def repeat_an_event(data: Path) -> None:
    path = data / "timeline" / "2020-2023.toml"
    path.write_text(path.read_text().replace('id = "strategy-2020"', 'id = "directive-2011-93"'))


@pytest.mark.parametrize(
    ("saboteur", "alarm"),
    [
        (drop_provision, "cites 'dir-2011-93:art-16-2'"),
        (spoil_authority, "fr.toml: id must be 'authority:fr'"),
        (switch_on_an_unverified_line, "until a person has checked it"),
        (take_a_source_away, "source_url must be a web address"),
        (repeat_an_event, "event:directive-2011-93: the id is used 2 times"),
    ],
)
def test_the_saboteur_who_spoils_a_record_is_named_by_check(
    saboteur: Callable[[Path], None], alarm: str, tmp_path: Path
) -> None:
    package = Path(tutela.__file__).parent
    shutil.copytree(package / "law", tmp_path / "tutela" / "law")
    (tmp_path / "tutela" / "__init__.py").touch()
    saboteur(tmp_path / "tutela" / "law" / "data")
    command = [sys.executable, "-c", "from tutela.law.cli import law; law()", "check", "--on", "2026-11-23"]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert found.returncode == 1, found.stderr
    assert alarm in found.stderr
