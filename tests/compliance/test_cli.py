"""The verbs: what they print, and the exit code a script can act on."""

import json
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.compliance.stories import VARS, binding, decision, export, nim
from tutela.compliance import tables
from tutela.compliance.cli import compliance
from tutela.compliance.models import Batch
from tutela.law.dates import today

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
    assert said["as_of"] == today().isoformat()
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


def measures_of(state: str) -> int:
    return len(tables.matrix(states=[state]).standings[state].measures)


def test_a_corrected_file_replaces_exactly_the_earlier_one_and_the_same_file_changes_nothing(measures) -> None:
    register = measures.with_name("register.csv")
    register.write_bytes(export(decision()).getvalue())
    run("import-register", register)
    first = json.loads(run("import-nim", measures, "--json").output)
    assert (first["changed"], measures_of("RO"), measures_of("BG")) == (True, 2, 0)

    measures.write_bytes(nim(binding(1), binding(3, "BGR")).getvalue())
    done = run("import-nim", measures)
    assert (done.exit_code, measures_of("RO"), measures_of("BG")) == (0, 1, 1)
    assert f"2 rows of nim.json; batch {first['batch']} is replaced. 0 notes." in done.output
    assert {each.kind for each in Batch.objects.in_force()} == {"nim", "register"}
    assert "in force already; nothing was changed" in run("import-nim", measures).output
    assert json.loads(run("import-nim", measures, "--json").output)["changed"] is False
    assert Batch.objects.count() == 3


BAD: dict[str, tuple[bytes, str, str]] = {
    "a wrong header": (
        nim(binding(1), columns=["country", "title"]).getvalue(),
        "nimCelex",
        "header lacks",
    ),
    "an unknown column": (nim(binding(1), columns=[*VARS, "colour"]).getvalue(), "colour", "unknown column"),
    "another encoding": (nim(binding(1, title="text-X")).getvalue().replace(b"X", b"\xfe"), "", "not UTF-8 at byte"),
    "another directive": (
        nim(binding(1), binding(2, nimCelex="72019L0633ROU_202006400")).getvalue(),
        "nimCelex",
        "CELEX number of another act",
    ),
    "a day in 1001": (nim(binding(1), binding(2, notified="1001-05-03")).getvalue(), "notified", "older than 1800"),
    "a negative number": (nim(binding(1), binding(2, ojNumber="-12")).getvalue(), "ojNumber", "cannot be negative"),
    "a row that stands twice": (nim(binding(2), binding(1), binding(1)).getvalue(), "nimCelex", "stands twice"),
    "no measures at all": (nim().getvalue(), "", "was the query cut off"),
}


@pytest.mark.parametrize("case", BAD)
def test_each_kind_of_bad_file_is_refused_and_what_was_in_force_stays_so(measures, case) -> None:
    run("import-nim", measures)
    content, column, rule = BAD[case]
    measures.write_bytes(content)
    refused = run("import-nim", measures, "--json")
    (problem,) = json.loads(refused.output)["problems"]
    assert (refused.exit_code, problem["column"]) == (3, column)
    assert rule in problem["rule"]
    assert (Batch.objects.count(), measures_of("RO")) == (1, 2)


@pytest.mark.parametrize("verb", ["import-nim", "import-register"])
def test_a_file_of_two_gigabytes_is_refused_after_its_first_part(tmp_path, verb) -> None:
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(2 * 2**30)
    began = time.monotonic()
    done = run(verb, path)
    assert (done.exit_code, time.monotonic() - began < 5) == (3, True)
    assert "MiB, which no export of this register is" in done.output


def test_the_problems_stand_in_the_order_of_the_file(tmp_path) -> None:
    path = tmp_path / "nim.json"
    rows = [binding(1, notified="soon"), binding(2), binding(2), binding(3, notified="soon")]
    path.write_bytes(nim(*rows).getvalue())
    assert [each["row"] for each in json.loads(run("import-nim", path, "--json").output)["problems"]] == [1, 3, 4]


def test_an_exported_row_leads_to_its_page_here(tmp_path, settings) -> None:
    settings.ORIGIN = "https://house.example"
    path = tmp_path / "matrix.json"
    run("matrix", path, "--state", "RO", "--theme", "prevention")
    rows = json.loads(path.read_bytes())["rows"]
    assert {each["address"] for each in rows} == {
        f"https://house.example/law/matrix/{each['provision']}/RO" for each in rows
    }
