"""Whom we measure ourselves against: other exact searches, each where it is installed and skipped by name where not."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

from tutela.matching.bench_bases import Hashes

Search = Callable[[Hashes, int], object]
Peer = Callable[[Hashes], Search]
"""Builds over uint8[n, 32] and returns what searches it: (queries, radius in bits, inclusive)."""


class Unavailable(Exception):
    """This peer is not installed here; the message says what to install."""


def faiss_flat(base: Hashes) -> Search:
    """Brute force as FAISS does it."""
    index = _faiss().IndexBinaryFlat(256)
    index.add(base)
    return _range_search(index)


def faiss_multihash_16x16_1(base: Hashes) -> Search:
    """16 tables of 16 bits, one flip: what hasher-matcher-actioner's default index is made of."""
    return _multihash(base, 16, 16, 1)


def faiss_multihash_11x23_2(base: Hashes) -> Search:
    """11 tables of 23 bits, two flips: the best exact one FAISS has for 31 bits of 256."""
    return _multihash(base, 11, 23, 2)


def threatexchange_index(base: Hashes) -> Search:
    """`PDQIndex` of python-threatexchange, as its users build and ask it: hexadecimal in, one hash at a time."""
    try:
        module = import_module("threatexchange.signal_type.pdq.pdq_index")
    except ImportError:
        raise Unavailable("pip install 'threatexchange[faiss]' (it needs a compiler)") from None
    index: Any = module.PDQIndex(entries=[(bytes(each).hex(), number) for number, each in enumerate(base)])

    def search(queries: Hashes, radius: int) -> object:
        return [index.query(bytes(query).hex()) for query in queries]

    return search


PEERS: dict[str, Peer] = {
    "faiss_multihash_11x23_2": faiss_multihash_11x23_2,
    "faiss_multihash_16x16_1": faiss_multihash_16x16_1,
    "faiss_flat": faiss_flat,
    "threatexchange": threatexchange_index,
}


def _faiss() -> Any:
    try:
        faiss: Any = import_module("faiss")
    except ImportError:
        raise Unavailable("pip install faiss-cpu") from None
    faiss.omp_set_num_threads(1)
    return faiss


def _multihash(base: Hashes, tables: int, bits: int, flips: int) -> Search:
    index = _faiss().IndexBinaryMultiHash(256, tables, bits)
    index.nflip = flips
    index.add(base)
    return _range_search(index)


def _range_search(index: Any) -> Search:
    # FAISS's radius is exclusive.
    return lambda queries, radius: index.range_search(np.ascontiguousarray(queries), radius + 1)
