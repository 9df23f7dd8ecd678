"""Compare every upload of a Django site with the lists on this machine, while it comes in.

    FILE_UPLOAD_HANDLERS = [
        "yoursite.django_upload_handler.ComparingHandler",
        "django.core.files.uploadhandler.TemporaryFileUploadHandler",
    ]
    TUTELA_LEADS = "/srv/yoursite/leads.jsonl"

A match is a lead, not a verdict: a person decides. Each one is written as a line to TUTELA_LEADS, which `tutela report`
reads, and is known to the view as `request.tutela_leads`. The view may hold a file back until somebody has looked where
`lead.is_exact`: then a list holds this very file. A picture that only looks alike must never be blocked by itself.
"""

from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler

from tutela.provider.comparing import Comparer
from tutela.provider.hashing import HELD_BYTES

comparer = Comparer()


class ComparingHandler(FileUploadHandler):
    """Reads what passes and changes nothing; an upload longer than `HELD_BYTES` is compared later, from its file."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.held: BytesIO | None = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if self.held is not None:
            self.held = None if start + len(raw_data) > HELD_BYTES else self.held
        if self.held is not None:
            self.held.write(raw_data)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """None: the file is the next handler's to keep."""
        if self.held is None:
            return
        self.held.seek(0)
        # No name: what somebody called a file may say who they are.
        lead = comparer.stream(f"upload of {file_size} bytes", self.held)
        if lead.matches:
            with Path(settings.TUTELA_LEADS).open("a", encoding="utf-8") as out:
                out.write(lead.line())
            self.request.tutela_leads = [*getattr(self.request, "tutela_leads", []), lead]
