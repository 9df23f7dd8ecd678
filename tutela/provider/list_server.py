"""The lists of a server, fetched file by file. What comes back is bytes that nobody has believed yet."""

import json
from typing import Any

import httpx
from pydantic import ValidationError

from tutela.exchange.lists import LARGEST_FILE_BYTES, Offered
from tutela.provider.errors import NotUnderstood
from tutela.provider.wire import Bearer, Credential, Patience, Wire, problem

TIMEOUT_SECONDS = 60.0


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
            return Offered.model_validate_json(self._get("lists"))
        except ValidationError:
            raise NotUnderstood("The server's answer names no lists; is this client up to date?") from None

    def head(self, name: str) -> Any:
        """A signed statement, not verified."""
        try:
            return json.loads(self._get(f"lists/{name}/head"))
        except (ValueError, RecursionError):
            raise NotUnderstood("The server's answer is no signed head.") from None

    def part(self, name: str, sequence: int, number: int) -> bytes:
        return self._get(f"lists/{name}/snapshots/{sequence}/{number}")

    def change(self, name: str, sequence: int) -> bytes:
        return self._get(f"lists/{name}/changes/{sequence}")

    def _get(self, path: str) -> bytes:
        answer = self._wire.ask("GET", f"api/v1/{path}", may_repeat=True, most_bytes=LARGEST_FILE_BYTES)
        if not answer.is_success:
            raise problem(answer)
        return answer.content

    def close(self) -> None:
        self._wire.close()
