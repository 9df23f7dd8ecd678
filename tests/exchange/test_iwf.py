"""A table with severities: columns are found by name, in any order, spelling and separator."""

import pytest

from tests.exchange.lists import PDQ, hashes, md5, read, sha1, sha256
from tutela.exchange.packed import BadFile


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_columns_are_found_by_their_names(tmp_path, separator):
    header = separator.join(["Hash ID", "SHA-256", "md5", "Severity", "URL", "Age band"])
    lines = [header, separator.join(["h-1", sha256(1).upper(), md5(1), "A", "https://host.example/a", "0-2"]),
             separator.join(["h-2", "NULL", md5(2), "Category C", "", ""])]  # fmt: skip
    found = read(tmp_path, "\n".join(lines))
    assert found.format == "iwf" and not found.faulty
    # The address tells where it was found; the page itself is not listed.
    assert hashes(found) == {("sha256", sha256(1)), ("md5", md5(1)), ("md5", md5(2))}
    assert {(each.reference, each.classification) for each in found.listed} == {("h-1", "iwf:A"), ("h-2", "iwf:C")}


def test_a_column_of_one_kind_is_a_table_without_severities(tmp_path):
    found = read(tmp_path, f"PDQ hash\n{PDQ}\n")
    assert hashes(found) == {("pdq", PDQ)} and found.listed[0].classification == ""


def test_base32_is_understood_in_the_column_of_its_kind(tmp_path):
    from base64 import b32encode

    assert hashes(read(tmp_path, "sha1,x\n" + b32encode(bytes.fromhex(sha1(1))).decode() + ",1")) == {("sha1", sha1(1))}


@pytest.mark.parametrize(
    ("cells", "rule"), [(f"{md5(1)},D", "is A, B or C"), ("1.23E+31,A", "An MD5 is"), (",A", "no hash")]
)
def test_a_row_that_is_not_understood_is_named_by_its_line_and_its_rule(tmp_path, cells, rule):
    """1.23E+31 is what a spreadsheet makes of an MD5."""
    [named] = read(tmp_path, f"md5,severity\n{md5(2)},B\n{cells}\n").faulty
    assert named.row == 3 and rule in named.rule


def test_what_is_saved_in_another_encoding_is_told_so(tmp_path):
    with pytest.raises(BadFile, match="Line 2 is not UTF-8"):
        read(tmp_path, b"md5,note\n" + md5(1).encode() + b",\xe9\n")
