"""`tutela lists`: keep the lists that are matched against."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from tutela.matching.catalogue import BadCatalogue
from tutela.matching.lists import BadList
from tutela.provider.connecting import said_plainly, server_options, signed_in
from tutela.provider.list_server import ListServer
from tutela.provider.lists import Lists
from tutela.provider.lists_import import import_list
from tutela.provider.telling import say
from tutela.provider.verifying import read_keys

_WIDE = 160
lists_option: Callable[..., object] = click.option(
    "--lists",
    "directory",
    envvar="TUTELA_LISTS",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where your lists are kept (TUTELA_LISTS).",
)


@click.group()
def lists() -> None:
    """Keep the lists that are matched against: synced from a server, or imported from files."""


lists.add_command(import_list)


@contextmanager
def _kept_plainly() -> Iterator[None]:
    with said_plainly():
        try:
            yield
        except (BadList, BadCatalogue) as error:
            raise click.ClickException(str(error)) from error


@lists.command()
@click.argument("names", nargs=-1)
@click.option(
    "--key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The publisher's public keys (its /keys.json), once: they are kept and trusted from then on.",
)
@lists_option
@server_options
def sync(
    *,
    names: tuple[str, ...],
    key: Path | None,
    directory: Path | None,
    server: str | None,
    username: str | None,
    secret: str | None,
) -> None:
    """Catch up with the lists of a server: all that it offers you, or those NAMED.

    Exit 0: everything is as the server signed it. 1: refused, and what you held stays as it was. 2: used wrongly.
    3: the server was not reached.
    """
    address, credential = signed_in(server, username, secret)
    kept = Lists(directory)
    with _kept_plainly():
        if key:
            kept.trust(address, read_keys(key.read_text(errors="replace")))
        source = ListServer(address, credential)
        for each in kept.sync(source, server=address, names=names):
            was = "new" if each.before is None else f"was at {each.before:,}"
            click.echo(f"{each.name}: {each.entries:,} entries, change {each.now:,} ({was}); signed until "
                       f"{each.expires_at:%Y-%m-%d %H:%M} UTC")  # fmt: skip
        kept.catalogue()


@lists.command()
@click.option("--json", "as_json", is_flag=True, help="For another program.")
@lists_option
def show(*, as_json: bool, directory: Path | None) -> None:
    """What is kept here, from where, and whether somebody still confirms that it is the newest."""
    now = datetime.now(UTC)
    with _kept_plainly():
        kept = Lists(directory).kept()
    if as_json:
        told = [each._asdict() | {"stale": each.is_stale(now)} for each in kept]
        click.echo(json.dumps(told, default=str, indent=2))
        return
    if not kept:
        click.echo("There is no list here; sync or import one.")
        return
    table = Table(box=None, pad_edge=False)
    for column in ("list", "entries", "from", "change", "confirmed until"):
        table.add_column(column, no_wrap=column != "from")
    for each in kept:
        until = f"{each.expires_at:%Y-%m-%d %H:%M} UTC" if each.expires_at else "never: imported"
        late = " (STALE: sync)" if each.is_stale(now) else ""
        table.add_row(each.name, f"{each.entries:,}", each.server or "files", str(each.sequence or ""), until + late)
    console = Console(markup=False, highlight=False, emoji=False)
    console.width = console.width if console.is_terminal else _WIDE
    console.print(table)


@lists.command()
@click.option("--forget", metavar="KEY", help="This key counts no longer: it was lost, or somebody else has it.")
@lists_option
def keys(*, forget: str | None, directory: Path | None) -> None:
    """Whose signatures count here, by server. Give a new key with `sync --key`."""
    with _kept_plainly():
        kept = Lists(directory)
        if forget is not None:
            kept.distrust(forget)
            say(f"{forget} counts no longer. See that no command gives it again with --key.")
        trusted = kept.trusted_everywhere()
    for server, keys_of_it in trusted.items():
        for key in keys_of_it:
            click.echo(f"{key.key_id}  {key.text()}  {server}")
    if not trusted:
        say("No key is trusted here: no list can be synced. Give one with `tutela lists sync --key`.")


@lists.command()
@click.argument("name")
@lists_option
def remove(*, name: str, directory: Path | None) -> None:
    """Forget the list NAME. What is synced comes back with the next sync."""
    with _kept_plainly():
        Lists(directory).remove(name)
    click.echo(f"{name} is no longer matched against.")
