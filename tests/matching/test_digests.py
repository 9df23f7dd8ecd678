import hashlib

from hypothesis import given
from hypothesis import strategies as st

from tutela.matching.digests import Digests


@given(st.lists(st.binary(max_size=200), max_size=8))
def test_chunks_and_the_whole_have_the_same_digests(chunks):
    whole, digests = b"".join(chunks), Digests.of(chunks)
    assert digests.md5 == hashlib.md5(whole, usedforsecurity=False).hexdigest()
    assert digests.sha1 == hashlib.sha1(whole, usedforsecurity=False).hexdigest()
    assert digests.sha256 == hashlib.sha256(whole).hexdigest()
    assert digests.size == len(whole)


def test_wide_views_are_counted_in_bytes():
    digests = Digests()
    digests.update(memoryview(bytes(16)).cast("I"))
    digests.update(bytearray(b"abc"))
    assert digests.size == 19
