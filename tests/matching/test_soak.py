"""The long runs: damaged files by the thousand, and long histories of an index, held against the certain answer."""

import subprocess
import sys

import numpy as np
import pytest

from tests.matching import bases
from tutela.matching.index import Index

pytestmark = pytest.mark.soak

# In a process of its own: a search that left the file would end it, and with it this test, not the whole run.
DAMAGING = """
import sys
from pathlib import Path
import numpy as np
from tests.matching import bases
from tutela.matching.catalogue import BadCatalogue, Catalogue, Entry, Label
from tutela.matching.file import BadIndexFile, open_index, write_index
from tutela.matching.index import Index

home, times = Path(sys.argv[1]), int(sys.argv[2])
rng = np.random.default_rng(20261125)
index = Index.build(bases.clustered(6_000), np.arange(6_000))
index.add(bases.independent(300, seed=2), np.arange(300))
write_index(home / "index", index)
label, hashes = Label("a", "", ""), bases.independent(5_000)
Catalogue.build(Entry(str(number), "pdq", bytes(one), label) for number, one in enumerate(hashes)).save(home)
files = [home / "index", home / "catalogue.json", *home.glob("*.columns"), *home.glob("*.index")]
queries = bases.perturbed(bases.clustered(6_000)[:40], 31)
refused = answered = 0
for turn in range(times):
    path = files[turn % len(files)]
    whole = path.read_bytes()
    damaged = bytearray(whole)
    for _ in range(int(rng.integers(1, 9))):
        at = int(rng.integers(0, len(damaged)))
        what = rng.integers(0, 4)
        if what == 0:
            damaged[at] ^= 1 << int(rng.integers(0, 8))
        elif what == 1:
            damaged[at : at + 8] = rng.bytes(8)
        elif what == 2:
            damaged[at : at + 64] = b"\\xff" * len(damaged[at : at + 64])
        else:
            del damaged[at : at + int(rng.integers(1, 100))]
    path.write_bytes(bytes(damaged))
    try:
        if path.name == "index":
            open_index(path, check_contents=False).opened.query_batch(queries, int(rng.integers(0, 64)))
        else:
            catalogue = Catalogue.open(home, check_contents=False)
            found = catalogue.match_many("pdq", queries, int(rng.integers(0, 64)))
            catalogue.entry(int(found.entry[0])) if len(found.entry) else None
        answered += 1
    except (BadIndexFile, BadCatalogue, IndexError, UnicodeDecodeError):
        refused += 1
    path.write_bytes(whole)
print(refused, answered)
"""


def test_a_damaged_file_is_refused_or_answers_and_never_crashes(tmp_path):
    ran = subprocess.run(
        [sys.executable, "-c", DAMAGING, str(tmp_path), "4000"],
        capture_output=True,
        text=True,
        check=False,
        timeout=1800,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    refused, answered = map(int, ran.stdout.split())
    assert refused + answered == 4_000 and refused > 500


@pytest.mark.parametrize("seed", range(5))
def test_a_long_history_with_merges_equals_brute_force(seed):
    rng = np.random.default_rng(seed)
    index, hashes, ids = Index(), np.empty((0, 32), np.uint8), np.empty(0, np.int64)
    for step in range(150):
        count = int(rng.integers(1, 3_000))
        new = [bases.independent, bases.clustered, bases.crowded][step % 3](count, int(rng.integers(0, 2**31)))
        new_ids = rng.integers(0, 200_000, count)
        index.add(new, new_ids)
        hashes, ids = np.concatenate([hashes, new]), np.concatenate([ids, new_ids])
        if step % 4 == 3:
            gone = rng.choice(ids, 200)
            index.withdraw(gone)
            kept = ~np.isin(ids, gone)
            hashes, ids = hashes[kept], ids[kept]
        if step % 17 == 16:
            index.merge()
        if step % 10 == 9:
            radius = int(rng.integers(0, 64))
            queries = bases.perturbed(hashes[rng.integers(0, len(hashes), 8)], 40, seed=step)
            found = index.query_batch(queries, radius)
            told = sorted(zip(found.query.tolist(), found.id.tolist(), found.distance_bits.tolist(), strict=True))
            certain = sorted(
                (number, int(ids[row]), int(distance))
                for number, query in enumerate(queries)
                for distances in [np.bitwise_count(hashes ^ query).sum(axis=1)]
                for row, distance in ((row, distances[row]) for row in np.flatnonzero(distances <= radius))
            )
            assert told == certain
    assert len(index) == len(ids)
