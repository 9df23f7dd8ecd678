"""INTERPOL's table: the baseline is told apart, and what is said of people stays behind."""

import pytest

from tests.exchange.lists import hashes, md5, read, sha1
from tutela.exchange.packed import BadFile

HEADER = (
    "MD5;SHA1;PhotoDNA;Image ID;Is distributed;Victim identified;Offender identified;Series name;"
    "Number of submissions;File Available;Media Type;Baseline"
)


def row(md5_: str, sha1_: str = "", *, number: object = 7, baseline: str = "true") -> str:
    return f"{md5_};{sha1_};;{number};true;true;false;text-1;3;true;Image;{baseline}"


def test_an_entry_says_whether_it_is_of_the_baseline_and_nothing_of_anybody(tmp_path):
    lines = [
        HEADER,
        row(md5(1).upper(), sha1(1).upper()),
        "",
        row(md5(2), number=8, baseline="False"),
        row(md5(3), baseline=""),
    ]
    found = read(tmp_path, "\r\n".join(lines))
    assert found.format == "icse" and not found.faulty
    assert hashes(found) == {("md5", md5(1)), ("sha1", sha1(1)), ("md5", md5(2)), ("md5", md5(3))}
    assert {(each.reference, each.tier, each.classification) for each in found.listed} == {
        ("7", "baseline", "icse:baseline"), ("8", "", "icse"), ("7", "", "icse"),
    }  # fmt: skip
    assert "text-1" not in repr(found)


@pytest.mark.parametrize(
    ("faulty", "rule"),
    [
        (row("zz" * 16), "An MD5 is 32"),
        (row(""), "holds no hash"),
        (row(md5(1), baseline="perhaps"), "true or false"),
        (md5(1) + ";;", "has 3 cells; the first line names 12"),
        (row(md5(1)).replace("text-1", '"text-1'), "does not end on its line"),
    ],
)
def test_a_row_that_is_not_understood_is_named_by_its_line_and_its_rule(tmp_path, faulty, rule):
    [named] = read(tmp_path, "\n".join([HEADER, row(md5(1)), "", faulty])).faulty
    assert named.row == 4 and rule in named.rule and "zz" not in named.rule


@pytest.mark.parametrize(
    ("text", "why"),
    [("", "must name the columns"), (row(md5(1)), "must name the columns"), (HEADER + ";MD5", "the name of another")],
)
def test_a_table_without_its_first_line_is_refused(tmp_path, text, why):
    with pytest.raises(BadFile, match=why):
        read(tmp_path, text, format_="icse")
