"""MD5, SHA-1, SHA-256 and the size of a file in one pass, so that its bytes need not be kept."""

from collections.abc import Iterable
from hashlib import md5, sha1, sha256
from typing import Self


class Digests:
    """Feed chunks with `update`; read the hexadecimal digests and `size` at any moment."""

    __slots__ = ("_md5", "_sha1", "_sha256", "size")

    def __init__(self) -> None:
        # MD5 and SHA-1 are names by which others know a file, never a proof of anything.
        self._md5 = md5(usedforsecurity=False)
        self._sha1 = sha1(usedforsecurity=False)
        self._sha256 = sha256()
        self.size = 0

    @classmethod
    def of(cls, chunks: Iterable[bytes]) -> Self:
        digests = cls()
        for chunk in chunks:
            digests.update(chunk)
        return digests

    def update(self, chunk: bytes | bytearray | memoryview) -> None:
        self._md5.update(chunk)
        self._sha1.update(chunk)
        self._sha256.update(chunk)
        self.size += chunk.nbytes if isinstance(chunk, memoryview) else len(chunk)

    @property
    def md5(self) -> str:
        return self._md5.hexdigest()

    @property
    def sha1(self) -> str:
        return self._sha1.hexdigest()

    @property
    def sha256(self) -> str:
        return self._sha256.hexdigest()
