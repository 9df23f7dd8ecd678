import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.matching import bases
from tutela.matching.index import Index
from tutela.matching.planning import plan
from tutela.matching.segment import build_segment
from tutela.matching.thresholds import even_allowances

COUNT = 30_000


@pytest.fixture(scope="module")
def crowded():
    return bases.crowded(COUNT, shared=6)


@pytest.fixture(scope="module")
def segment(crowded):
    return build_segment(crowded, np.arange(COUNT))


def planned(segment, query, radius=31):
    allowances = even_allowances(radius)
    scan = plan(segment.tables, np.ascontiguousarray(query).view(np.uint16), allowances)
    return scan, allowances


def test_a_crowded_base_is_noticed_and_an_ordinary_one_is_not(segment):
    assert segment.tables.crowded
    assert not build_segment(bases.independent(COUNT), np.arange(COUNT)).tables.crowded


def test_crowded_tables_get_less_and_the_others_more(segment, crowded):
    scan, allowances = planned(segment, crowded[5])
    assert not scan
    assert allowances[:6].sum() == 0
    assert allowances.sum() == 32


def test_a_query_far_from_the_crowd_is_left_as_it_is(segment):
    scan, allowances = planned(segment, bases.independent(1, seed=9)[0])
    assert not scan
    assert allowances.tolist() == even_allowances(31).tolist()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 63), st.integers(0, COUNT - 1))
def test_whatever_is_planned_the_sum_stays_and_with_it_the_proof(segment, crowded, radius, row):
    _, allowances = planned(segment, crowded[row], radius)
    assert allowances.sum() == radius + 1
    assert allowances.max() <= 4


@pytest.mark.parametrize("radius", [5, 31, 45])
def test_planned_answers_equal_brute_force(crowded, radius):
    ids = np.arange(COUNT)
    index = Index.build(crowded, ids)
    queries = np.concatenate([bases.perturbed(crowded[:20], radius), bases.independent(5, seed=3)])
    hits = index.query_batch(queries, radius)
    found = set(zip(hits.query.tolist(), hits.id.tolist(), hits.distance_bits.tolist(), strict=True))
    assert found == bases.brute_force(crowded, ids, queries, radius)
    assert [index.query(bytes(query), radius) for query in queries] == [
        sorted(((id_, bits) for number, id_, bits in found if number == asked), key=lambda pair: pair[::-1])
        for asked in range(len(queries))
    ]


def test_where_every_bucket_is_crowded_all_hashes_are_compared():
    base = bases.perturbed(np.repeat(bases.independent(1), COUNT, axis=0)[:2_000], 3)
    base = np.repeat(base, 15, axis=0)
    segment = build_segment(base, np.arange(COUNT))
    scan, _ = planned(segment, base[0])
    assert scan
    hits = Index.build(base, np.arange(COUNT)).query_batch(base[:2])
    assert len(hits.id) == 2 * COUNT
