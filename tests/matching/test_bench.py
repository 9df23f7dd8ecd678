"""The public benchmark tells the truth: it judges every run, and skips by name what is not installed."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from lxml import etree

from tutela.matching import bench, bench_peers
from tutela.matching.bench import Effort, Unjudged, measure
from tutela.matching.bench_bases import BASES, drawn
from tutela.matching.index import Hits, Index
from tutela.provider.bench_cli import bench as command

LITTLE = Effort(rounds=2, batch=200, checked=50, singles=50)


def absent(base):
    raise bench_peers.Unavailable("pip install nothing")


@pytest.mark.parametrize("kind", sorted(BASES))
def test_everybody_draws_the_same_base_and_half_of_the_queries_are_near_it(kind):
    (base, queries), (again, _) = drawn(kind, 3_000, 100, 31), drawn(kind, 3_000, 100, 31)
    assert (base == again).all() and len(base) == 3_000 and len(queries) == 100
    nearest = [int(np.bitwise_count(base ^ query).sum(axis=1).min()) for query in queries]
    assert sum(distance <= 31 for distance in nearest) >= 50


@pytest.mark.parametrize("kind", sorted(BASES))
def test_every_answer_on_every_base_is_that_of_brute_force(kind):
    result = measure(kind, 6_000, effort=LITTLE, peers={})
    assert result.is_exact and result.recall == 1.0 and result.answers_checked > 0
    assert result.ratios["brute_force"] > 0 and result.ratio is None


@pytest.mark.parametrize(
    ("what", "broken"),
    [
        ("one answer is missing", lambda hits: Hits(*(column[1:] for column in hits))),
        ("one distance is wrong", lambda hits: hits._replace(distance_bits=hits.distance_bits + np.uint8(1))),
    ],
)
def test_saboteur_an_index_that_is_wrong_is_not_published_as_exact(monkeypatch, what, broken):
    asked = Index.query_batch
    monkeypatch.setattr(Index, "query_batch", lambda self, *which: broken(asked(self, *which)))
    assert not measure("clustered", 5_000, effort=LITTLE, peers={}).is_exact, what


def test_a_judge_without_room_says_so_instead_of_judging_half(monkeypatch):
    monkeypatch.setattr(bench, "_ROOM_FOR_EACH", 0)
    with pytest.raises(Unjudged, match="fewer hashes or a smaller radius"):
        measure("clustered", 5_000, effort=LITTLE, peers={})


def test_a_peer_that_is_absent_is_skipped_by_name_and_its_ratio_is_null():
    said = []
    result = measure("clustered", 5_000, effort=LITTLE, peers={bench.BEST_OF_FAISS: absent}, say=said.append)
    assert result.ratio is None and result.ratios[bench.BEST_OF_FAISS] is None
    assert result.skipped == {bench.BEST_OF_FAISS: "pip install nothing"}
    assert any("is skipped: pip install nothing" in line for line in said)


def test_a_peer_is_asked_the_judged_queries_at_the_same_radius():
    asked = []

    def peer(base):
        return lambda queries, radius: asked.append((len(base), len(queries), radius))

    result = measure("clustered", 5_000, effort=LITTLE, peers={bench.BEST_OF_FAISS: peer})
    assert asked == [(5_000, 50, 31)] * 2
    assert result.ratio is not None and result.ratio == result.ratios[bench.BEST_OF_FAISS]


def test_the_command_writes_what_it_says(tmp_path, monkeypatch):
    monkeypatch.setitem(bench_peers.PEERS, bench.BEST_OF_FAISS, absent)
    file = tmp_path / "out.json"
    ran = CliRunner().invoke(command, ["match", "--hashes", "5000", "--rounds", "1", "--json", str(file)])
    assert ran.exit_code == 0, ran.output
    told = json.loads(file.read_text())
    assert {"recall", "qps", "p50_us", "p99_us", "bytes_per_hash", "ratio"} <= told.keys()
    assert (told["recall"], told["ratio"], told["base"]) == (1.0, None, "clustered")
    assert told["machine"]["processor"]


@pytest.mark.parametrize("wrong", [["--hashes", "12"], ["--radius", "64"], ["--base", "x"], ["--json", "/nowhere/x"]])
def test_the_command_used_wrongly_measures_nothing(wrong):
    ran = CliRunner().invoke(command, ["match", *wrong])
    assert ran.exit_code == 2 and "Usage" in ran.output and "round 1" not in ran.output


def test_growth_is_measured_and_what_lies_beyond_is_called_a_model(monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "benchmarks"))
    monkeypatch.delitem(sys.modules, "matching", raising=False)
    import matching as script

    grown = script.growth([5_000, 10_000], LITTLE)
    assert [each["recall"] for each in grown] == [1.0, 1.0]
    measured = [{"hashes": n, "us_per_query_in_batches": us} for n, us in ((10**6, 4.0), (10**7, 22.0))]
    model = script.modelled(measured)
    # 60 segments of 16.7 million at 2 + 2 x 16.67 microseconds
    assert model["what"].startswith("not measured")
    assert model["us_per_query_in_batches"]["1000000000"] == pytest.approx(60 * 2 + 2 * 1000, rel=0.01)
    told = {
        "growth": grown,
        "model": model,
        "compared": [
            {"base": "clustered", "hashes": 5, "qps": 9.0, "qps_of_peers": {"faiss_flat": 2.0, "threatexchange": None}}
        ],
    }
    for drawn_chart in script.charts(told).values():
        assert etree.fromstring(drawn_chart.encode()).tag.endswith("svg")
