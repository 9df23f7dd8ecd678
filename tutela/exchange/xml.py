"""Reading XML that a stranger wrote: no document type, no entity, no network, bounded in size and depth."""

from typing import Literal

from lxml import etree

MEBIBYTE = 1024 * 1024
# The deepest message of the formats spoken here has seven levels.
DEPTH_LIMIT = 32
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
NAME_LIMIT = 256

Code = Literal["malformed", "too_large", "forbidden"]


class BadXml(ValueError):
    """A body that is not read. The sentence never repeats what was sent."""

    def __init__(self, code: Code, sentence: str) -> None:
        super().__init__(sentence)
        self.code: Code = code


def parse(body: bytes, *, limit: int = MEBIBYTE, namespace: str = "") -> etree._Element:
    """The root of a UTF-8 document of at most `limit` bytes, in `namespace` or in none. Raises `BadXml`."""
    if len(body) > limit:
        raise BadXml("too_large", f"The body is larger than {limit} bytes; send a smaller one.")
    _check_encoding(body)
    _check_prolog(body)
    # The parser is made anew for each body: lxml's parsers are not to be shared between threads.
    parser = etree.XMLParser(
        encoding="utf-8",  # stated, or the first bytes would let libxml2 guess UTF-16
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        # What is not read is not kept either: the verbatim message must hold nothing that nobody looked at.
        remove_comments=False,
    )
    try:
        # In one call: feeding in pieces makes large tokens quadratic in expat and libxml2 alike.
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        # libxml2's own message quotes the input; only the position is repeated.
        line, column = error.position
        raise BadXml("malformed", f"The body is not well-formed XML (line {line}, column {column}).") from None
    except ValueError:
        raise BadXml("malformed", "The body is not well-formed XML.") from None
    _check_tree(root, namespace)
    return root


def _check_encoding(body: bytes) -> None:
    # In any other encoding a document type would pass the look at the prolog unseen.
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        raise BadXml("malformed", "The body is not UTF-8; send text/xml; charset=utf-8.") from None
    head = body.removeprefix(b"\xef\xbb\xbf")
    if not head.startswith(b"<?xml"):
        return
    declaration = head[: head.find(b"?>") + 2].lower()
    if b"encoding" in declaration and not any(name in declaration for name in (b"utf-8", b"utf8", b"us-ascii")):
        raise BadXml("malformed", "The XML declaration names another encoding than UTF-8; send UTF-8.")


def _check_prolog(body: bytes) -> None:
    """Refuses a document type before any parser sees it; inside the root the same letters may be a chat's text."""
    rest = body.removeprefix(b"\xef\xbb\xbf")
    start = 0
    while True:
        start = rest.find(b"<", start)
        if rest.startswith(b"<!--", start):
            closing = b"-->"
        elif rest.startswith(b"<?xml", start) and rest[start + 5 : start + 6].isspace():
            closing = b"?>"
        elif rest.startswith(b"<!", start):
            raise BadXml("forbidden", "A document type or entity declaration is not accepted; leave it out.")
        elif rest.startswith(b"<?", start):
            raise BadXml("forbidden", "A processing instruction is not accepted; leave it out.")
        else:
            return
        start = rest.find(closing, start + 4)
        if start < 0:
            return


def _check_namespaces(node: etree._Element, namespace: str) -> None:
    """Clients name the schema they follow; nothing but a format's own is accepted, and a name has a name's length."""
    if any((prefix, uri) != ("xsi", INSTANCE) and uri != namespace for prefix, uri in node.nsmap.items()):
        raise BadXml("forbidden", "A namespace declaration is not accepted; leave it out.")
    if any(len(value) > NAME_LIMIT for name, value in node.attrib.items() if str(name).startswith(f"{{{INSTANCE}}}")):
        raise BadXml("too_large", f"The schema's address is longer than {NAME_LIMIT} characters; leave it out.")


def _check_tree(root: etree._Element, namespace: str) -> None:
    if root.getroottree().docinfo.internalDTD is not None:
        raise BadXml("forbidden", "A document type or entity declaration is not accepted; leave it out.")
    if next(root.itersiblings(), None) is not None or next(root.itersiblings(preceding=True), None) is not None:
        raise BadXml("forbidden", "A comment or processing instruction is not accepted; leave it out.")
    depth = 0
    for event, node in etree.iterwalk(root, events=("start", "end", "pi", "comment")):
        if event == "pi":
            raise BadXml("forbidden", "A processing instruction is not accepted; leave it out.")
        if event == "comment":
            raise BadXml("forbidden", "A comment is not accepted; leave it out.")
        if event == "start":
            _check_namespaces(node, namespace)
        depth += 1 if event == "start" else -1
        if depth > DEPTH_LIMIT:
            raise BadXml("too_large", f"The elements are nested deeper than {DEPTH_LIMIT} levels; flatten the body.")
