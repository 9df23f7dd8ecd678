"""`tutela lists import`: a list that another body gave as files, whole or not at all."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

import click

from tutela.exchange.hash_lists import FORMATS, FaultyRow, HashList, Told, read_list
from tutela.exchange.packed import BadFile
from tutela.exchange.vics import MATERIAL
from tutela.matching.catalogue import Entry, Label
from tutela.matching.hashes import KINDS, Kind
from tutela.matching.lists import BadList
from tutela.provider.lists import Lists
from tutela.provider.telling import say

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--name", required=True, help="What the list is called here; an earlier import of that name is replaced.")
@click.option("--format", "format_", type=click.Choice(list(FORMATS)), help="Told apart by their contents without it.")
@click.option("--kind", type=click.Choice(KINDS), help="What bare hashes are, where their length does not say it.")
@click.option(
    "--profile",
    type=click.Choice(sorted(MATERIAL), case_sensitive=False),
    help="Whose numbering a Project VIC file follows that does not say so.",
)
@click.option("--lists", "directory", envvar="TUTELA_LISTS", type=click.Path(file_okay=False, path_type=Path),
              help="Where your lists are kept (TUTELA_LISTS).")  # fmt: skip
def import_list(
    *,
    files: tuple[Path, ...],
    name: str,
    format_: str | None,
    kind: Kind | None,
    profile: str | None,
    directory: Path | None,
) -> None:
    """Import FILES, the pages of one list in a format of the field, packed (gz, zip) or not.

    All or nothing: where one row is not understood, each is named by its number and its rule, and what was imported
    under that name before stays. The same name again puts the new list exactly in the place of the old one.

    Exit 0: imported. 1: refused; nothing changed. 2: used wrongly.
    """
    try:
        found = read_list(files, format_=format_, told=Told(kind, profile or ""))
    except BadFile as error:
        raise click.ClickException(f"Nothing was imported. {error}") from error
    if found.faulty:
        rows = "\n".join(f"  {line}" for line in faults(found.faulty))
        raise click.ClickException(f"Nothing was imported. Not understood: {len(found.faulty):,}\n{rows}")
    for line in passed_over(found):
        say(line)
    if not found.listed:
        raise click.ClickException("Nothing was imported: these files list nothing that can be matched.")
    try:
        Lists(directory).import_(name, list(entries(name, found)))
    except BadList as error:
        raise click.ClickException(f"Nothing was imported. {error}") from error
    count = "1 hash is" if len(found.listed) == 1 else f"{len(found.listed):,} hashes are"
    click.echo(f"{count} the list {name} now (read as {found.format}).")


def entries(name: str, found: HashList) -> Iterator[Entry]:
    for each in found.listed:
        label = Label(name, each.tier, each.classification)
        yield Entry(each.reference or f"row {each.row}", each.kind, each.value, label)


def faults(rows: Sequence[FaultyRow]) -> Iterator[str]:
    """Every row by its number: those that break the same rule of one file together, in the order of the first."""
    together: dict[tuple[Path, str], list[int]] = {}
    for row in rows:
        together.setdefault((row.file, row.rule), []).append(row.row)
    for (file, rule), numbers in together.items():
        yield f"{file}, row{'s' if len(set(numbers)) > 1 else ''} {', '.join(ranges(numbers))}: {rule}"


def ranges(numbers: Iterable[int]) -> Iterator[str]:
    """1, 2, 3, 7 as "1-3", "7"."""
    for _, run in groupby(enumerate(sorted(set(numbers))), key=lambda each: each[1] - each[0]):
        members = [number for _, number in run]
        yield str(members[0]) if len(members) == 1 else f"{members[0]}-{members[-1]}"


def passed_over(found: HashList) -> Iterator[str]:
    for why, count in found.aside.most_common():
        yield f"  {count:,} set aside: {why}"
    if found.withdrawn:
        yield f"  {found.withdrawn:,} were withdrawn, replaced by a newer version, or stand twice"
