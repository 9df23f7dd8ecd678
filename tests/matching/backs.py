"""Back catalogues drawn by numbers, with hashes planted near a list's."""

import os
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tests.matching import bases
from tutela.matching.bulk_parts import Job, Part, find
from tutela.matching.catalogue import Catalogue, Entry, Label

ROWS, GROUP = 5_000, 700
"""Of one part, too, where a test sets `bulk_parts.ROWS_OF_A_PART` to it: eight parts."""


def listed(directory: Path, seed: int = 0) -> np.ndarray:
    """A catalogue of 300 PDQ hashes in two lists and 50 MD5; returns the PDQ hashes."""
    hashes = bases.independent(300, seed)
    entries = [
        Entry(f"pdq-{n}", "pdq", bytes(one), Label("ours" if n % 3 else "theirs", "B", "scheme:1"))
        for n, one in enumerate(hashes)
    ]
    entries += [Entry(f"md5-{n}", "md5", n.to_bytes(16, "big"), Label("ours", "C", "")) for n in range(50)]
    Catalogue.build(entries).save(directory)
    return hashes


def write(path: Path, hashes: np.ndarray, *, form: str = "fixed", group: int = GROUP) -> np.ndarray:
    """`ROWS` rows, each fiftieth near a listed hash, each seventieth without one; returns the PDQ values."""
    rng = np.random.default_rng(7)
    values = bases.independent(ROWS, 99)
    near = np.arange(0, ROWS, 50)
    values[near] = bases.perturbed(hashes[rng.integers(0, len(hashes), len(near))], 31, seed=3)
    raw = [None if n % 70 == 69 else bytes(one) for n, one in enumerate(values)]
    if form == "text":
        pdq = pa.array([one and one.hex().upper() for one in raw], pa.string())
    else:
        pdq = pa.array(raw, pa.binary(32) if form == "fixed" else pa.large_binary())
    md5 = pa.array(
        [(n % 60).to_bytes(16, "big") if n % 40 == 0 else bytes([255] * 16) for n in range(ROWS)], pa.binary(16)
    )
    table = pa.table({"number": pa.array(range(ROWS)), "pdq": pdq, "md5": md5})
    pq.write_table(table, path, row_group_size=group)
    return values


def find_slowly(job: Job, part: Part) -> bytes:
    """In the place of `find`, also in another process: there is a middle in which somebody may be killed."""
    time.sleep(0.15)
    return find(job, part)


def find_and_die(job: Job, part: Part) -> bytes:
    time.sleep(0.15)
    if part.number == 5:
        os._exit(9)
    return find(job, part)
