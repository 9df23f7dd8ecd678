"""The fingerprints of an item, read from the digests its sender stated."""

from dataclasses import dataclass, field

from tutela.exchange import messages
from tutela.matching.hashes import BadHash, parse_hash
from tutela.matching.urls import BadUrl, url_key

FILE_KINDS = ("md5", "sha1", "sha256", "pdq")
# How the wire writes a kind of hash, and how we name it.
_KINDS = {"md5": "md5", "sha1": "sha1", "sha-1": "sha1", "sha256": "sha256", "sha-256": "sha256", "pdq": "pdq"}


class BadDigest(ValueError):
    """A stated hash cannot be one; `where` names the field, never the value."""

    def __init__(self, where: str, sentence: str) -> None:
        super().__init__(f"{where}: {sentence}")
        self.where, self.sentence = where, sentence


@dataclass
class Fingerprints:
    values: dict[str, bytes] = field(default_factory=dict)
    pdq_quality: int | None = None
    hashed_here: bool = False
    size: int | None = None

    def columns(self) -> dict[str, object]:
        return {
            **{kind: self.values.get(kind) for kind in (*FILE_KINDS, "url_key")},
            "pdq_quality": self.pdq_quality,
            "hashed_here": self.hashed_here,
            "size": self.size,
        }


def stated(item: messages.Item, *, where: str) -> Fingerprints:
    """Hashes of kinds we do not match by (PhotoDNA and others) stay in the sealed message as they were written."""
    found = Fingerprints(pdq_quality=item.pdq_quality)
    for position, digest in enumerate(item.digests):
        kind = _KINDS.get(digest.algorithm.lower())
        if kind is None:
            continue
        try:
            value = parse_hash(kind, digest.value)
        except BadHash as error:
            raise BadDigest(f"{where}.digests.{position}.value", str(error)) from None
        if found.values.setdefault(kind, value) != value:
            raise BadDigest(f"{where}.digests.{position}", f"two different {kind} values for one item")
    if item.url:
        try:
            found.values["url_key"] = url_key(item.url)
        except BadUrl as error:
            raise BadDigest(f"{where}.url", str(error)) from None
    return found
