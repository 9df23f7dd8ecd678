"""A file is hashed while it streams by and dropped: no byte of it touches the disk or outlives the request."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from tutela.matching.digests import Digests
from tutela.reports.fingerprints import Fingerprints

MEBIBYTE = 1024 * 1024
LARGEST = 512 * MEBIBYTE
# Above this a picture is not decoded: its exact hashes are enough to know it again, and memory stays bounded.
LARGEST_PICTURE = 32 * MEBIBYTE


class TooLarge(ValueError):
    """More bytes than are hashed here; the sentence says how many."""


class Hashed(UploadedFile):
    """What is left of the file: its fingerprints."""

    def __init__(self, fingerprints: Fingerprints) -> None:
        super().__init__(file=None, name="hashed", size=fingerprints.size)
        self.fingerprints = fingerprints

    def close(self) -> None:
        """Nothing is open: there is no file."""


class HashAndDrop(FileUploadHandler):
    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._digests = Digests()
        self._picture: BytesIO | None = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._digests.update(raw_data)
        if self._digests.size > LARGEST:
            raise TooLarge(f"The file is larger than {LARGEST // MEBIBYTE} MiB; send its hashes by /fileinfo alone.")
        if self._picture is not None:
            if self._digests.size > LARGEST_PICTURE:
                self._picture = None
            else:
                self._picture.write(raw_data)

    def file_complete(self, file_size: int) -> Hashed:
        digests = self._digests
        values = {kind: bytes.fromhex(getattr(digests, kind)) for kind in ("md5", "sha1", "sha256")}
        found = Fingerprints(values, hashed_here=True, size=digests.size)
        if self._picture is not None:
            _add_picture_hash(found, self._picture)
        self._picture = None
        return Hashed(found)


def _add_picture_hash(found: Fingerprints, picture: BytesIO) -> None:
    from tutela.matching.hashers import PictureRefused, hash_picture

    picture.seek(0)
    try:
        hashed = hash_picture(picture)
    except PictureRefused:
        # Not a picture we read: its exact hashes stand.
        return
    found.values["pdq"], found.pdq_quality = hashed.pdq, hashed.quality
