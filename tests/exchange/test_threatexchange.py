"""Lines of a signal type and a signal, as the field's open library hands them over."""

from tests.exchange.lists import PDQ, hashes, md5, read


def test_the_types_that_are_hashes_are_listed_and_others_set_aside(tmp_path):
    lines = ["# a comment", f"pdq {PDQ}", "", f"video_md5 {md5(1)}", "raw_text text-1", f"url_md5 {md5(2)}",
             "url https://host.example/a", "trend_query {}"]  # fmt: skip
    found = read(tmp_path, "\n".join(lines))
    assert found.format == "threatexchange" and not found.faulty
    assert {("pdq", PDQ), ("md5", md5(1))} < hashes(found) and len(found.listed) == 3
    assert sum(found.aside.values()) == 3


def test_a_row_that_is_not_understood_is_named_by_its_line_and_its_rule(tmp_path):
    found = read(tmp_path, f"pdq {PDQ}\npdq zz\nsomething {md5(1)}\npdq\n")
    assert [(named.row, named.rule[:12]) for named in found.faulty] == [
        (2, "A PDQ hash i"), (3, "A line is a "), (4, "A line is a "),
    ]  # fmt: skip
