"""One server, one credential, and how often to try again."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import urlsplit

import httpx

from tutela.provider.errors import Busy, Fault, NotUnderstood, TutelaError, Unreachable, refusal

BUSY = frozenset({429, 502, 503, 504})
# On an answer's extensions: whether the request had been sent before, so that its first answer may have been lost.
REPEATED = "tutela_repeated"
LONGEST_ANSWER_SECONDS = 300.0


@dataclass(frozen=True)
class Credential:
    """What the administrator gave, shown once. The secret never stands in a representation or a message."""

    username: str
    secret: str = field(repr=False)

    def __post_init__(self) -> None:
        """Raises BadCredential: what no header can carry would be told as a server that cannot be reached."""
        said = f"{self.username}.{self.secret}"
        if not said.isascii() or not said.isprintable():
            raise BadCredential(
                "The credential holds a character that none has, such as the end of a line: copy it again."
            )


class Bearer(httpx.Auth):
    def __init__(self, credential: Credential) -> None:
        self._header = f"Bearer {credential.username}.{credential.secret}"

    def auth_flow(self, request: httpx.Request) -> Iterator[httpx.Request]:  # type: ignore[override]
        request.headers["Authorization"] = self._header
        yield request


@dataclass(frozen=True)
class Patience:
    """Waits double from the first to the longest; a server's Retry-After is heeded up to the longest."""

    tries: int = 6
    first_wait_seconds: float = 0.5
    longest_wait_seconds: float = 8.0
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)

    def seconds(self, tried: int, asked_seconds: float) -> float:
        doubled = min(self.first_wait_seconds * 2.0 ** (tried - 1), self.longest_wait_seconds)
        return max(doubled, min(asked_seconds, self.longest_wait_seconds))


class BadCredential(TutelaError):
    """The credential cannot be one."""


class BadAddress(TutelaError):
    """The server's address cannot be used; the message says what to change."""


def checked_address(server: str) -> str:
    """The address without a trailing slash. Reports go over TLS, except to this very machine."""
    parts = urlsplit(server if "://" in server else f"https://{server}")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadAddress("The server's address must look like https://tutela.example")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise BadAddress("The server's address must hold neither a credential nor a query.")
    if parts.scheme == "http" and not _is_this_machine(parts.hostname):
        raise BadAddress("Reports are sent over https; plain http is only for a server on this machine.")
    return parts.geturl().rstrip("/")


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Tries:
    """How often one request was tried, and how long to wait before the next try: for every client alike."""

    def __init__(self, patience: Patience, *, may_repeat: bool) -> None:
        self._patience, self._most, self._failed = patience, patience.tries if may_repeat else 1, 0

    def answered(self, answer: httpx.Response) -> httpx.Response:
        answer.extensions[REPEATED] = self._failed > 0
        return answer

    def seconds_after(self, error: Unreachable) -> float:
        """Raises the error where this was the last try."""
        self._failed += 1
        if self._failed == self._most:
            raise error
        return self._patience.seconds(self._failed, error.retry_after_seconds)


def auth_by(scheme: Literal["bearer", "basic"], credential: Credential) -> httpx.Auth:
    return Bearer(credential) if scheme == "bearer" else httpx.BasicAuth(credential.username, credential.secret)


def options(server: str, auth: httpx.Auth | None, timeout_seconds: float) -> dict[str, Any]:
    """No redirect is followed: a credential goes to the server that was named."""
    return {
        "base_url": checked_address(server) + "/",
        "auth": auth,
        "timeout": timeout_seconds,
        "headers": {"User-Agent": "tutela"},
    }


class Wire:
    """Repeats only what may be repeated."""

    def __init__(
        self,
        server: str,
        auth: httpx.Auth | None,
        *,
        patience: Patience,
        timeout_seconds: float,
        transport: httpx.BaseTransport | None,
    ) -> None:
        self._patience = patience
        self._http = httpx.Client(**options(server, auth, timeout_seconds), transport=transport)

    def ask(self, method: str, path: str, *, may_repeat: bool, **what: Any) -> httpx.Response:
        """Raises Unreachable or Busy when the tries are used up; every other answer is the caller's to read."""
        tries = Tries(self._patience, may_repeat=may_repeat)
        while True:
            try:
                return tries.answered(self._once(method, path, **what))
            except Unreachable as error:
                self._patience.sleep(tries.seconds_after(error))

    def _once(self, method: str, path: str, *, most_bytes: int | None = None, **what: Any) -> httpx.Response:
        try:
            if most_bytes is not None:
                return checked(self._bounded(method, path, most_bytes))
            return checked(self._http.request(method, path, **what))
        except httpx.TransportError as error:
            raise unreachable(error) from error

    def _bounded(self, method: str, path: str, most_bytes: int) -> httpx.Response:
        """Read as it comes, no further than this and no longer: what never ends fills no memory and holds nobody up."""
        body, until = bytearray(), time.monotonic() + LONGEST_ANSWER_SECONDS
        with self._http.stream(method, path) as answer:
            for some in answer.iter_bytes():
                body += some
                if len(body) > most_bytes:
                    raise NotUnderstood(f"The server's answer is larger than any may be ({most_bytes:,} bytes).")
                if time.monotonic() > until:
                    raise Unreachable("The server's answer comes too slowly to be waited for. Try again later.")
        return httpx.Response(answer.status_code, headers=_plain(answer.headers), content=bytes(body))

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def _plain(headers: httpx.Headers) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name not in ("content-encoding", "content-length")}


def problem(answer: httpx.Response) -> TutelaError:
    """A problem document (RFC 9457), read as far as it is one."""
    try:
        said = answer.json()
        title, code = str(said["title"]), str(said.get("type", "")).rpartition(":")[2]
        faults = tuple(Fault(str(each["where"]), str(each["rule"])) for each in said.get("errors", []))
    except (ValueError, KeyError, TypeError, AttributeError):
        return NotUnderstood(f"The server answered {answer.status_code} and not in the words of a Tutela server.")
    return refusal(answer.status_code, title, code=code, faults=faults)


def unreachable(error: httpx.TransportError) -> Unreachable:
    return Unreachable(f"The server cannot be reached ({type(error).__name__}). Send the same again.")


def checked(answer: httpx.Response) -> httpx.Response:
    """Raises Busy where the server says so itself."""
    if answer.status_code in BUSY:
        raise _busy(answer)
    return answer


def _busy(answer: httpx.Response) -> Busy:
    said = answer.headers.get("Retry-After", "")
    seconds = float(said) if said.isascii() and said.isdigit() else 0.0
    if answer.status_code == 429:
        when = f"in {seconds / 60:,.0f} minutes" if seconds > 60 else "in a moment"
        return Busy(f"The server takes no more from you for now (429). Ask again {when}.", retry_after_seconds=seconds)
    sentence = f"The server is busy or without its database ({answer.status_code}). Send the same again later."
    return Busy(sentence, retry_after_seconds=seconds)
