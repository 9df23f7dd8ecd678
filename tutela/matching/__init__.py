"""Hashes, hashers and the exact index: what a provider needs to match, without Django and without cryptography."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutela.matching.catalogue import Catalogue as Catalogue
    from tutela.matching.digests import Digests as Digests
    from tutela.matching.hashers import PictureHash as PictureHash
    from tutela.matching.hashers import PictureRefused as PictureRefused
    from tutela.matching.hashers import hash_picture as hash_picture
    from tutela.matching.hashers import hash_picture_turned as hash_picture_turned
    from tutela.matching.hashes import BadHash as BadHash
    from tutela.matching.hashes import parse_hash as parse_hash
    from tutela.matching.index import Hits as Hits
    from tutela.matching.index import Index as Index
    from tutela.matching.store import Store as Store
    from tutela.matching.video import VideoRefused as VideoRefused
    from tutela.matching.video import hash_video as hash_video
    from tutela.matching.video_index import VideoIndex as VideoIndex

_HOMES = {
    "BadHash": "hashes",
    "Digests": "digests",
    "Catalogue": "catalogue",
    "Hits": "index",
    "Index": "index",
    "Store": "store",
    "PictureHash": "hashers",
    "PictureRefused": "hashers",
    "hash_picture": "hashers",
    "hash_picture_turned": "hashers",
    "VideoIndex": "video_index",
    "VideoRefused": "video",
    "hash_video": "video",
    "parse_hash": "hashes",
}
__all__ = sorted(_HOMES)  # noqa: PLE0605 a list, spelled once


def __getattr__(name: str) -> object:
    """Loads a part when it is asked for: a list sync should not wait for a compiler."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
