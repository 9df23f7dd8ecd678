"""What other tools write for the same column, and what is no column of hashes."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.matching import backs, bases
from tutela.matching import bulk_columns, bulk_parts
from tutela.matching.bulk import BadSource, match_parquet
from tutela.matching.bulk_columns import read
from tutela.matching.bulk_parts import cut
from tutela.matching.catalogue import BadCatalogue

PDQ = [bytes([n] * 32) for n in range(3)]
MD5 = [bytes([n] * 16) for n in range(3)]


@pytest.fixture(scope="module")
def lists(tmp_path_factory):
    directory = tmp_path_factory.mktemp("lists")
    backs.listed(directory)
    return directory


def hexadecimal(values):
    return [value and value.hex() for value in values]


@pytest.mark.parametrize("gap", [[], [None]])
@pytest.mark.parametrize(
    "form",
    [
        lambda raw: pa.array(raw, pa.binary(32)),
        lambda raw: pa.array(raw, pa.binary()),
        lambda raw: pa.array(raw, pa.large_binary()),
        lambda raw: pa.array(raw, pa.binary_view()),
        lambda raw: pa.array(hexadecimal(raw), pa.string()),
        lambda raw: pa.array([text and text.upper() for text in hexadecimal(raw)], pa.large_string()),
        lambda raw: pa.array(hexadecimal(raw), pa.string_view()),
        lambda raw: pa.array(hexadecimal(raw), pa.string()).dictionary_encode(),
    ],
)
def test_every_form_in_which_tools_write_a_hash_is_read_as_the_same(form, gap):
    whole = form([*gap, PDQ[0], *gap, *PDQ[1:]])
    for column in (pa.chunked_array([whole[:2], whole[2:]]), pa.chunked_array([whole[1:]])):
        found = read(column, "pdq", first_row=0)
        assert len(found.values) and [bytes(one) for one in found.values] == PDQ[-len(found.values) :]
        assert [column[int(row)].as_py() is not None for row in found.row] == [True] * len(found.row)
    assert read(pa.chunked_array([whole]), "pdq", first_row=0).values.tobytes() == b"".join(PDQ)


def test_an_md5_may_be_written_as_a_uuid(lists, tmp_path):
    values = pa.ExtensionArray.from_storage(pa.uuid(), pa.array([(7).to_bytes(16, "big"), None], pa.binary(16)))
    pq.write_table(pa.table({"md5": values}), tmp_path / "uuid.parquet")
    match_parquet(tmp_path / "uuid.parquet", lists, tmp_path / "out", workers=1)
    assert pq.read_table(tmp_path / "out")["reference"].to_pylist() == ["md5-7"]


def table(tmp_path, columns):
    pq.write_table(pa.table(columns), tmp_path / "bad.parquet")
    return tmp_path / "bad.parquet"


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"x": [1]}, r"No column is named pdq, sha256, sha1, md5; .* There are: x\."),
        ({"pdq": [1]}, "holds int64; a column of pdq holds 32 bytes"),
        ({"pdq": [[1]]}, "holds list"),
        ({"pdq": pa.array([b"x" * 31], pa.binary(31))}, "holds fixed_size_binary"),
        ({"pdq": ["00" * 32, "00" * 31]}, "Row 2 holds 62 characters or bytes where 64"),
        ({"pdq": ["00" * 32, None, "0g" * 32]}, "Row 3 holds other characters than hexadecimal"),
        ({"md5": [b"12", b"1" * 16]}, "Row 1 holds 2 characters or bytes where 16"),
        ({"pdq": PDQ, "sha1": ["", None, ""]}, r"Row 1 holds 0 characters .* \(2 such rows"),
    ],
)
def test_a_source_that_is_none_is_refused_by_its_row_or_its_columns(lists, tmp_path, columns, says):
    with pytest.raises(BadSource, match=says):
        match_parquet(table(tmp_path, columns), lists, tmp_path / "out", workers=1)
    assert [path.name for path in tmp_path.iterdir()] == ["bad.parquet"]


def test_two_columns_of_one_name_are_refused(lists, tmp_path):
    pq.write_table(pa.Table.from_arrays([pa.array(MD5), pa.array(MD5)], names=["md5", "md5"]), tmp_path / "twice")
    with pytest.raises(BadSource, match="more than one column md5"):
        match_parquet(tmp_path / "twice", lists, tmp_path / "out", workers=1)


def test_what_cannot_be_read_says_so(lists, tmp_path):
    (tmp_path / "text").write_text("no Parquet")
    whole = table(tmp_path, {"pdq": PDQ})
    (tmp_path / "cut").write_bytes(whole.read_bytes()[:-9])
    for name, why in (("text", "not a Parquet file"), ("cut", "not a Parquet file"), ("none", "There is no file")):
        with pytest.raises(BadSource, match=why):
            match_parquet(tmp_path / name, lists, tmp_path / "out")
    with pytest.raises(BadSource, match="cannot be read"):
        match_parquet(tmp_path, lists, tmp_path / "out")
    with pytest.raises(BadCatalogue, match="no catalogue here"):
        match_parquet(whole, tmp_path / "nowhere", tmp_path / "out")
    with pytest.raises(BadSource, match="There is no column other"):
        match_parquet(whole, lists, tmp_path / "out", columns={"pdq": "other"})


def test_a_piece_of_a_large_row_group_holds_no_more_than_itself(tmp_path, monkeypatch):
    """An empty slice of what is passed over, once kept, held the whole group in each worker."""
    monkeypatch.setattr(bulk_parts, "ROWS_OF_A_PART", 20_000)
    rows = 600_000
    values = pa.FixedSizeBinaryArray.from_buffers(pa.binary(32), rows, [None, pa.py_buffer(bases.independent(rows))])
    pq.write_table(pa.table({"pdq": values}), tmp_path / "back", use_dictionary=False)
    with bulk_columns.opened(tmp_path / "back") as file:
        last = cut([rows])[-1]
        before = pa.total_allocated_bytes()
        table = bulk_parts._read(file, last, ["pdq"])
        assert table["pdq"].to_pylist() == values[last.first_row :].to_pylist()
        assert pa.total_allocated_bytes() - before < rows * 32 / 3


@pytest.mark.parametrize(("begin", "end"), [(4, 40), (2_000, 9_000)])
def test_a_page_that_is_damaged_is_said_and_not_taken_for_other_hashes(lists, tmp_path, begin, end):
    """Arrow sees damage in a page's values only where the writer put a checksum."""
    values = pa.array(map(bytes, bases.independent(5_000)), pa.binary(32))
    pq.write_table(pa.table({"pdq": values}), tmp_path / "bad.parquet", write_page_checksum=True)
    raw = bytearray((tmp_path / "bad.parquet").read_bytes())
    raw[begin:end] = bytes(end - begin)
    (tmp_path / "bad.parquet").write_bytes(raw)
    with pytest.raises(BadSource, match=r"rows 1 to 5,000 cannot be read: they are damaged"):
        match_parquet(tmp_path / "bad.parquet", lists, tmp_path / "out", workers=1)
    assert [path.name for path in tmp_path.iterdir()] == ["bad.parquet"]


def test_without_its_parts_it_says_what_to_install(lists, tmp_path, monkeypatch):
    monkeypatch.setattr(bulk_columns, "import_module", lambda name: (_ for _ in ()).throw(ImportError(name)))
    with pytest.raises(BadSource, match=r"pip install 'tutela\[bulk\]'"):
        match_parquet(table(tmp_path, {"pdq": PDQ}), lists, tmp_path / "out")
