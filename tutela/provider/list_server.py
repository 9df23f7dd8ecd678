"""The lists of a server, fetched file by file. What comes back is bytes that nobody has believed yet."""

import json
from typing import Any

import httpx
from pydantic import ValidationError

from tutela.exchange.lists import Offered
from tutela.provider.errors import NotUnderstood
from tutela.provider.wire import Bearer, Credential, Patience, Wire, problem

TIMEOUT_SECONDS = 60.0
# Beyond any that is signed: 8,192 files are named in less.
_LARGEST_HEAD_BYTES = 2 * 1024 * 1024
_LARGEST_PROBLEM_BYTES = 64 * 1024


class ListServer:
    """Everything is a question and may be repeated."""

    def __init__(
        self,
        server: str,
        credential: Credential,
        *,
        patience: Patience | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._wire = Wire(
            server,
            Bearer(credential),
            patience=patience or Patience(),
            timeout_seconds=TIMEOUT_SECONDS,
            transport=transport,
        )

    def offered(self) -> Offered:
        try:
            return Offered.model_validate_json(self._get("lists", _LARGEST_HEAD_BYTES))
        except ValidationError:
            raise NotUnderstood("The server's answer names no lists; is this client up to date?") from None

    def head(self, name: str) -> Any:
        """A signed statement, not verified."""
        try:
            return json.loads(self._get(f"lists/{name}/head", _LARGEST_HEAD_BYTES))
        except (ValueError, RecursionError):
            raise NotUnderstood("The server's answer is no signed head.") from None

    def part(self, name: str, sequence: int, number: int, *, most_bytes: int) -> bytes:
        return self._get(f"lists/{name}/snapshots/{sequence}/{number}", most_bytes)

    def change(self, name: str, sequence: int, *, most_bytes: int) -> bytes:
        return self._get(f"lists/{name}/changes/{sequence}", most_bytes)

    def _get(self, path: str, most_bytes: int) -> bytes:
        try:
            # A refusal may be longer than a short file.
            bound = max(most_bytes, _LARGEST_PROBLEM_BYTES)
            answer = self._wire.ask("GET", f"api/v1/{path}", may_repeat=True, most_bytes=bound)
        except httpx.DecodingError:
            raise NotUnderstood("The server's answer is packed in a way that cannot be read.") from None
        if not answer.is_success:
            raise problem(answer)
        return answer.content

    def close(self) -> None:
        self._wire.close()
