"""What was wrong with a file, by row and column: an import is whole or it is nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO, Final

from tutela.compliance.rules import Refused

SHOWN: Final = 20
VALUE_SHOWN: Final = 80
# The registers write a day that is not known as this one.
NULL_DAY: Final = date(1001, 1, 1)
OLDEST_DAY: Final = date(1800, 1, 1)
# A database refuses NUL; the rest of them would only hide in a page.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Remark:
    """A place in a file and the rule it met. `row` counts as the file does, from 1; 0 is the file itself."""

    row: int
    column: str
    value: str
    rule: str

    def __str__(self) -> str:
        where = f"row {self.row}" if self.row else "the file"
        column = f", column {self.column}" if self.column else ""
        value = f", '{self.value}'" if self.value else ""
        return f"{where}{column}{value}: {self.rule}"

    def as_row(self) -> dict[str, str | int]:
        return {"row": self.row, "column": self.column, "value": self.value, "rule": self.rule}


class ImportRefused(Refused):
    """Nothing of the file was taken over."""

    def __init__(self, problems: Sequence[Remark]) -> None:
        self.problems = tuple(problems)
        more = len(problems) - SHOWN
        lines = [str(each) for each in problems[:SHOWN]] + ([f"and {more} more"] if more > 0 else [])
        super().__init__(f"Nothing was imported; problems: {len(problems)}\n" + "\n".join(lines))


class Remarks:
    """Problems refuse the file; notes tell what was understood differently from what was written."""

    def __init__(self) -> None:
        self.problems: list[Remark] = []
        self.notes: list[Remark] = []

    def problem(self, row: int, column: str, value: object, rule: str) -> None:
        self.problems.append(_remark(row, column, value, rule))

    def note(self, row: int, column: str, value: object, rule: str) -> None:
        self.notes.append(_remark(row, column, value, rule))

    def check(self) -> None:
        """Raises ImportRefused where there is a problem. What was remarked stands in the order of the file."""
        for each in (self.problems, self.notes):
            each.sort(key=lambda remark: remark.row)
        if self.problems:
            raise ImportRefused(self.problems)


def refuse(rule: str, *, column: str = "", value: object = "") -> ImportRefused:
    """The refusal of a whole file."""
    return ImportRefused([_remark(0, column, value, rule)])


def _remark(row: int, column: str, value: object, rule: str) -> Remark:
    said = _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", str(value))
    return Remark(row, column, said if len(said) <= VALUE_SHOWN else f"{said[:VALUE_SHOWN]}…", rule)


def read_text(file: BinaryIO, *, limit_bytes: int) -> tuple[bytes, str]:
    """The whole file and its text; what lies beyond the limit is never read. Raises ImportRefused."""
    content = file.read(limit_bytes + 1)
    if len(content) > limit_bytes:
        raise refuse(f"the file is larger than {limit_bytes // 2**20} MiB, which no export of this register is")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        wrong = f"0x{content[error.start]:02x}"
        line = content.count(b"\n", 0, error.start) + 1
        raise refuse(f"not UTF-8 at byte {error.start}, on line {line}: save it as UTF-8", value=wrong) from None
    if not text.strip():
        raise refuse("the file is empty")
    return content, text


def is_printable(value: str) -> bool:
    return not _UNPRINTABLE.search(value)


def day(written: str) -> date | None:
    """2019-10-10, with or without a time, or 10/10/2019. None where it is no day at all."""
    head = re.split(r"[T ]", written.strip(), maxsplit=1)[0]
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(head, form).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
    return None


def check_day(found: date | None, *, today: date) -> str:
    """The rule a day breaks, or nothing."""
    if found is None:
        return "not a day: write it as 2019-10-10"
    if found == NULL_DAY:
        return "1001-01-01 is how the register writes that a day is not known"
    if found < OLDEST_DAY:
        return f"no measure or decision is older than {OLDEST_DAY.year}"
    return f"lies after today, {today}" if found > today else ""
