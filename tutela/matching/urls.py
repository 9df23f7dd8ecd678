"""Web addresses as indicators: one canonical form, and its SHA-256 as the key to match by."""

import re
from hashlib import sha256
from ipaddress import IPv6Address
from urllib.parse import quote, unquote_to_bytes, urlsplit

MAX_LENGTH = 8_192
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*)://")
_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})")
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\<>\"{}|^`]")
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
# Everything RFC 3986 lets stand in a path or a query; the rest is percent-encoded.
_SAFE = "/:@!$&'()*+,;=-._~%?[]#"
_DEFAULT_PORTS = (None, 80, 443)


class BadUrl(ValueError):
    """Not an address that can be matched; the message says what to change and never repeats the address."""


def canonical_url(url: str) -> str:
    """`host[:port]/path[?query]`: the same page in the same words, whoever wrote it down.

    http and https are one; so are the default ports. Host names are lower case and in their ASCII form, percent
    escapes are upper case and only where needed, dot segments are resolved. Fragments and credentials never reach
    a server's page and are dropped. Path and query keep their case: there it can mean another page.
    """
    text = url.strip()
    if not text or len(text) > MAX_LENGTH:
        raise BadUrl(f"Give a web address of 1 to {MAX_LENGTH} characters.")
    if _FORBIDDEN.search(text):
        raise BadUrl("A web address has no spaces, control characters, quotes, brackets or backslashes; encode them.")
    scheme = _SCHEME.match(text)
    if scheme and scheme[1].lower() not in ("http", "https"):
        raise BadUrl("Only http and https addresses can be matched.")
    try:
        parts = urlsplit(text if scheme else f"http://{text}")
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        raise BadUrl("The host or the port of this address is not valid.") from None
    where = _host(host) + ("" if port in _DEFAULT_PORTS else f":{port}")
    query = f"?{_escaped(parts.query)}" if parts.query else ""
    return f"{where}{_without_dots(_escaped(parts.path))}{query}"


def url_key(url: str) -> bytes:
    """SHA-256 of the canonical form: what is stored, listed and compared."""
    return sha256(canonical_url(url).encode("ascii")).digest()


def _host(host: str) -> str:
    if ":" in host:
        try:
            return f"[{IPv6Address(host).compressed}]"
        except ValueError:
            raise BadUrl("The IPv6 address in this web address is not valid.") from None
    try:
        name = host.encode("idna").decode("ascii").lower().rstrip(".")
    except UnicodeError:
        raise BadUrl("The host name of this address is not valid.") from None
    if not name or len(name) > 253 or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise BadUrl("The host name of this address is not valid.")
    return name


def _escaped(text: str) -> str:
    encoded = quote(text, safe=_SAFE)
    encoded = re.sub(r"%(?![0-9a-fA-F]{2})", "%25", encoded)
    return _ESCAPE.sub(_needed_escape, encoded)


def _needed_escape(escape: re.Match[str]) -> str:
    byte = unquote_to_bytes(escape[0])
    return byte.decode("ascii") if byte[0] in _UNRESERVED else escape[0].upper()


def _without_dots(path: str) -> str:
    """Resolves `.` and `..` (RFC 3986, section 5.2.4); a path above the root stays at the root."""
    kept: list[str] = []
    segments = path.split("/")[1:] or [""]
    for segment in segments:
        if segment == "..":
            kept = kept[:-1]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)
