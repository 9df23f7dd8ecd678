"""The verbs: what they print, and the exit code a script can act on."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.compliance.stories import binding, decision, export, nim
from tutela.compliance.cli import compliance
from tutela.compliance.models import Batch

pytestmark = pytest.mark.django_db


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(compliance, [str(each) for each in words])


@pytest.fixture
def measures(tmp_path: Path) -> Path:
    path = tmp_path / "nim.json"
    path.write_bytes(nim(binding(1), binding(2, country=None)).getvalue())
    return path


def test_a_list_is_taken_over_and_the_notes_are_printed(measures) -> None:
    done = run("import-nim", measures)
    assert done.exit_code == 0
    assert "2 rows of nim.json. 1 notes." in done.output
    assert "row 2, country" in done.output


def test_the_same_in_json(measures) -> None:
    said = json.loads(run("import-nim", measures, "--json", "--source", "https://register.example/").output)
    assert (said["imported"], said["rows"], said["replaces"]) == (True, 2, None)
    assert Batch.objects.get().source == "https://register.example/"


def test_a_bad_file_is_refused_with_row_column_value_and_rule(tmp_path) -> None:
    path = tmp_path / "nim.json"
    path.write_bytes(nim(binding(1), binding(2, notified="soon")).getvalue())
    done = run("import-nim", path, "--json")
    assert done.exit_code == 3
    (problem,) = json.loads(done.output)["problems"]
    assert problem == {"row": 2, "column": "notified", "value": "soon", "rule": "not a day: write it as 2019-10-10"}
    assert run("import-nim", path).exit_code == 3
    assert not Batch.objects.exists()


def test_other_acts_are_left_out_when_asked(tmp_path) -> None:
    path = tmp_path / "nim.json"
    path.write_bytes(nim(binding(1), binding(2, nimCelex="72019L0633ROU_202006400")).getvalue())
    assert run("import-nim", path).exit_code == 3
    assert run("import-nim", path, "--skip-other-acts").exit_code == 0


def test_the_registers_export_is_taken_over(tmp_path) -> None:
    path = tmp_path / "register.csv"
    path.write_bytes(export(decision()).getvalue())
    assert run("import-register", path).exit_code == 0
    path.write_bytes(export(decision(), decision()).getvalue())
    assert "stands twice" in run("import-register", path).output


def test_the_gaps_of_a_state_in_json_name_their_records(measures) -> None:
    run("import-nim", measures)
    done = run("gaps", "--state", "ro", "--json")
    assert done.exit_code == 0
    said = json.loads(done.output)
    assert (said["state"], said["provisions"], said["examined"]) == ("RO", 94, 0)
    assert all(each["records"] and each["sentence"] for each in said["gaps"])
    assert {each["kind"] for each in said["gaps"]} == {"provision_without_measure", "procedure_status_unknown"}


def test_the_gaps_for_people_say_out_of_how_many() -> None:
    assert "0 gaps; 0 of 94 articles were examined." in run("gaps", "--state", "NL").output


def test_articles_that_lack_a_measure_for_one_reason_are_one_line(measures) -> None:
    run("import-nim", measures)
    lines = run("gaps", "--state", "NL").output.splitlines()
    assert len(lines) == 3
    assert lines[2].startswith("  87: dir-2011-93:art-2-a ")


@pytest.mark.parametrize("state", ["DK", "XX"])
def test_a_state_without_gaps_to_ask_for_exits_3(state) -> None:
    assert run("gaps", "--state", state).exit_code == 3


@pytest.mark.parametrize("ending", ["csv", "json", "xlsx"])
def test_the_matrix_is_written_as_the_name_says(tmp_path, ending) -> None:
    path = tmp_path / f"matrix.{ending}"
    done = run("matrix", path, "--state", "RO", "--theme", "prevention")
    assert (done.exit_code, path.exists()) == (0, True)
    assert "articles in 1 states" in done.output


def test_a_state_that_is_none_is_refused_before_anything_is_written(tmp_path) -> None:
    done = run("matrix", tmp_path / "matrix.csv", "--state", "GR")
    assert (done.exit_code, list(tmp_path.iterdir())) == (2, [])
    assert "EL for Greece" in done.output


def test_another_ending_is_refused_and_nothing_is_written(tmp_path) -> None:
    assert run("matrix", tmp_path / "matrix.docx").exit_code == 2
    assert list(tmp_path.iterdir()) == []
