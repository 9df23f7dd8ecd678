"""How an element stands for one of our types: its attributes, and its children in their order.

One table says it once; reading and writing both follow the table, so neither can know a field that the other does not.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from lxml import etree
from pydantic import BaseModel, ValidationError

from tutela.exchange.cybertip.leaves import XML_SPACE, Leaf
from tutela.exchange.cybertip.refusal import Trail

Element = etree._Element
ABSENT: Any = object()
MISSING = "is missing or empty, and the format requires it"
UNPRINTABLE = "holds a control character that XML cannot carry; remove it"
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
# Some clients name a schema on the root; it is never fetched.
_SCHEMA_HINTS = {f"{_XSI}noNamespaceSchemaLocation", f"{_XSI}schemaLocation"}


class Content(Protocol):
    def read(self, element: Element, trail: Trail) -> Any: ...

    def write(self, element: Element, value: Any, trail: Trail) -> None: ...


@dataclass(frozen=True, slots=True)
class Value:
    """An element that carries text only."""

    leaf: Leaf

    def read(self, element: Element, trail: Trail) -> Any:
        if len(element) or element.attrib:
            trail.fault("carries text only: no elements and no attributes")
            return ABSENT
        return read_leaf(self.leaf, element.text or "", trail)

    def write(self, element: Element, value: Any, trail: Trail) -> None:
        set_text(element, write_leaf(self.leaf, value, trail), trail)


@dataclass(frozen=True, slots=True)
class Flags:
    """An element whose empty children are flags; their order says nothing."""

    words: Mapping[str, Any]

    def read(self, element: Element, trail: Trail) -> Any:
        check_bare(element, trail)
        found = []
        for number, child in enumerate(element, 1):
            flag = self.words.get(str(child.tag))
            if flag is None or flag in found or len(child) or child.attrib or (child.text or "").strip(XML_SPACE):
                trail.fault(f"child {number} must be one empty element, once each, of: " + ", ".join(self.words))
            found.append(flag)
        return found

    def write(self, element: Element, value: Any, trail: Trail) -> None:
        names = {flag: name for name, flag in self.words.items()}
        for flag in value:
            etree.SubElement(element, names[flag])


@dataclass(frozen=True, slots=True)
class Mark:
    """An empty element that says yes by standing there, with one attribute of one value."""

    attribute: str
    word: str

    def read(self, element: Element, trail: Trail) -> Any:
        if dict(element.attrib) != {self.attribute: self.word} or len(element) or (element.text or "").strip(XML_SPACE):
            trail.fault(f"must be empty, with the one attribute {self.attribute}=“{self.word}”")
        return True

    def write(self, element: Element, value: Any, trail: Trail) -> None:
        element.set(self.attribute, self.word)


@dataclass(frozen=True, slots=True)
class Attribute:
    name: str
    field: str
    leaf: Leaf
    required: bool = False


@dataclass(frozen=True, slots=True)
class Child:
    """One place in the order. `picks` chooses which values of a shared field are written here."""

    name: str
    field: str
    content: Content
    required: bool = False
    is_list: bool = False
    at_most_one: bool = True
    picks: Callable[[Any], bool] | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """An element for a `model`. Fields in `fixed` are said by the element's name, those in `left_out` by nothing."""

    model: type[BaseModel]
    children: tuple[Child, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    text: tuple[str, Leaf] | None = None
    fixed: Mapping[str, Any] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()

    def read(self, element: Element, trail: Trail) -> Any:
        before = len(trail.faults)
        fields = self.read_fields(element, trail)
        if fields is ABSENT or len(trail.faults) > before:
            return ABSENT
        return self.build(fields, trail)

    def build(self, fields: Mapping[str, Any], trail: Trail) -> Any:
        try:
            return self.model(**fields, **self.fixed)
        except ValidationError as error:
            names = {child.field: child.name for child in self.children}
            names |= {attribute.field: "@" + attribute.name for attribute in self.attributes}
            for problem in error.errors(include_url=False, include_context=False, include_input=False):
                name = names.get(str(problem["loc"][0])) if problem["loc"] else None
                (trail.down(name) if name else trail).fault(problem["msg"].removeprefix("Value error, "))
            return ABSENT

    def read_fields(self, element: Element, trail: Trail) -> Any:
        fields: dict[str, Any] = {}
        if self.text is not None:
            name, leaf = self.text
            needed = any(attribute.required for attribute in self.attributes)
            if leaf.is_text and not (needed or len(element) or element.attrib or (element.text or "").strip()):
                return ABSENT
            fields[name] = _required(read_leaf(leaf, element.text or "", trail), trail)
        _read_attributes(self, element, trail, fields)
        _read_children(self, element, trail, fields)
        return fields

    def write(self, element: Element, value: Any, trail: Trail) -> None:
        self.check_carried(value, trail)
        self.write_fields(element, {name: getattr(value, name) for name in type(value).model_fields}, trail)

    def check_carried(self, value: BaseModel, trail: Trail) -> None:
        """Nothing is lost in silence: a field with a value and no place in the format is a fault."""
        known = {child.field for child in self.children} | {attribute.field for attribute in self.attributes}
        known |= set(self.fixed) | self.left_out | ({self.text[0]} if self.text else set())
        for name in value.model_fields_set - known:
            said = getattr(value, name)
            if said is not None and said is not False and said != []:
                trail.fault(f"the format has no place here for “{name}”; say it in additionalInfo")

    def write_fields(self, element: Element, fields: Mapping[str, Any], trail: Trail) -> None:
        if self.text is not None:
            set_text(element, write_leaf(self.text[1], fields[self.text[0]], trail), trail)
        for attribute in self.attributes:
            if (value := fields.get(attribute.field)) is not None:
                inner = trail.down("@" + attribute.name)
                set_attribute(element, attribute.name, write_leaf(attribute.leaf, value, inner), inner)
        for child in self.children:
            for number, value in enumerate(_values(child, fields.get(child.field)), 1):
                inner = trail.down(child.name, number)
                if number > 1 and child.at_most_one:
                    inner.fault("may stand only once")
                child.content.write(etree.SubElement(element, child.name), value, inner)


def one(name: str, field: str, content: Content, *, required: bool = False) -> Child:
    return Child(name, field, content, required=required)


def many(name: str, field: str, content: Content) -> Child:
    """How many there may be is said by the field's own type."""
    return Child(name, field, content, is_list=True, at_most_one=False)


def _values(child: Child, value: Any) -> Iterator[Any]:
    if value is None or value == [] or (value is False and isinstance(child.content, Mark)):
        return
    if child.is_list:
        yield from value if child.picks is None else filter(child.picks, value)
    else:
        yield value


def _read_attributes(shape: Shape, element: Element, trail: Trail, fields: dict[str, Any]) -> None:
    if not shape.attributes and not element.attrib:
        return
    given = dict(element.attrib)
    for attribute in shape.attributes:
        inner = trail.down("@" + attribute.name)
        raw = given.pop(attribute.name, None)
        value = ABSENT if raw is None else read_leaf(attribute.leaf, raw, inner)
        if attribute.required:
            _required(value, inner)
        if value is not ABSENT:
            fields[attribute.field] = value
    if given.keys() - (_SCHEMA_HINTS if element.getparent() is None else set()):
        allowed = ", ".join(attribute.name for attribute in shape.attributes) or "none"
        trail.fault(f"carries an attribute that the format does not know; allowed here: {allowed}")


def _read_children(shape: Shape, element: Element, trail: Trail, fields: dict[str, Any]) -> None:
    places = {child.name: place for place, child in enumerate(shape.children)}
    counts = [0] * len(shape.children)
    reached = 0
    if shape.text is None:
        check_bare(element, trail, attributes=True)
    for number, found in enumerate(element, 1):
        place = places.get(str(found.tag))
        if place is None or place < reached:
            fault = "is not known here" if place is None else "stands too late"
            order = ", ".join(places) or "none"
            trail.fault(f"child {number} {fault}; the children are, in this order: {order}")
            continue
        reached = place
        child = shape.children[place]
        counts[place] += 1
        inner = trail.down(child.name, counts[place])
        if counts[place] > 1 and child.at_most_one:
            inner.fault("may stand only once")
            break
        value = child.content.read(found, inner)
        if value is ABSENT:
            counts[place] -= 1 if child.required else 0
        elif child.is_list:
            fields.setdefault(child.field, []).append(value)
        else:
            fields[child.field] = value
    for child, count in zip(shape.children, counts, strict=True):
        if child.required and not count:
            trail.down(child.name).fault(MISSING)


def _required(value: Any, trail: Trail) -> Any:
    if value is ABSENT:
        trail.fault(MISSING)
    return value


def check_bare(element: Element, trail: Trail, *, attributes: bool = False) -> None:
    if element.attrib and not attributes:
        trail.fault("carries no attributes")
    if (element.text or "").strip(XML_SPACE) or any((child.tail or "").strip(XML_SPACE) for child in element):
        trail.fault("carries elements only, no text of its own")


def read_leaf(leaf: Leaf, raw: str, trail: Trail) -> Any:
    try:
        value = leaf.parse(raw)
    except (ValueError, LookupError):
        trail.fault(leaf.rule)
        return ABSENT
    return ABSENT if leaf.is_text and not raw.strip() else value


def write_leaf(leaf: Leaf, value: Any, trail: Trail) -> str:
    """The text of a value; what the reader would refuse is not written."""
    try:
        shown = leaf.show(value)
        leaf.parse(shown)
    except (ValueError, LookupError, OverflowError):
        trail.fault(leaf.rule)
        return ""
    return shown


def set_text(element: Element, shown: str, trail: Trail) -> None:
    try:
        element.text = shown
    except ValueError:
        trail.fault(UNPRINTABLE)


def set_attribute(element: Element, name: str, shown: str, trail: Trail) -> None:
    try:
        element.set(name, shown)
    except ValueError:
        trail.fault(UNPRINTABLE)
