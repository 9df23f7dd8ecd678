"""Check offline what a server signed: a provider its receipt, an authority its dossier. No server is asked."""

import json
from pathlib import Path
from typing import Any

import click

from tutela.exchange.article_18 import KIND as ARTICLE_18
from tutela.seals.bundle import BadBundle, read_bundle, said_kind
from tutela.seals.signatures import BadSignature, PublicKey, verify_statement

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _key_options(command: Any) -> Any:
    command = click.option("--key-text", help="The server's public key itself, in base64.")(command)
    return click.option("--key", "key_file", type=FILE, help="The server's keys.json, or its key in base64.")(command)


@click.group()
def receipt() -> None:
    """Verify a receipt offline."""


@receipt.command("verify")
@click.argument("file", type=FILE)
@_key_options
def verify_receipt(file: Path, key_file: Path | None, key_text: str | None) -> None:
    """Was FILE signed by this server, and is it unchanged? Exit 0 only then. Nothing is asked of any server."""
    keys = _keys(key_file, key_text)
    try:
        body = verify_statement(json.loads(file.read_bytes()), "receipt", keys)
    except BadSignature as error:
        raise click.ClickException(f"{file} is not genuine: {error}.") from error
    except (ValueError, RecursionError) as error:
        raise click.ClickException(f"{file} is no receipt: it is not JSON that can be read.") from error
    click.echo(f"Genuine. Report {body['report']}, received {body['received_at']}.")
    click.echo(f"  message (SHA-256) {body['body_sha256']}")
    click.echo(f"  complete: {body['completeness']['points']} of 100; items: {len(body['items'])}, {body['original']}")


@click.group()
def dossier() -> None:
    """Verify a dossier offline."""


@dossier.command("verify")
@click.argument("file", type=FILE)
@_key_options
def verify_dossier(file: Path, key_file: Path | None, key_text: str | None) -> None:
    """Was FILE, a dossier or a provider's bundle, signed with this key and left unchanged? Exit 0 only then."""
    keys = _keys(key_file, key_text)
    try:
        data = file.read_bytes()
        bundle = read_bundle(data, ARTICLE_18 if said_kind(data) == ARTICLE_18 else "dossier", keys=keys)
    except BadBundle as error:
        raise click.ClickException(f"{file} is not genuine: {error}.") from error
    click.echo("Genuine: " + ", ".join(f"{name} {said}" for name, said in sorted(bundle.about.items())))
    for name, data in sorted(bundle.files.items()):
        click.echo(f"  {len(data):>9}  {name}")


def _keys(key_file: Path | None, key_text: str | None) -> list[PublicKey]:
    if (key_file is None) == (key_text is None):
        raise click.UsageError("Say which key you trust: --key FILE or --key-text TEXT, one of them.")
    if key_text is not None:
        return read_keys(key_text)
    return read_keys(key_file.read_text(errors="replace")) if key_file else []


def read_keys(said: str) -> list[PublicKey]:
    """A keys.json, or one key in base64."""
    try:
        return [PublicKey.from_text(text) for text in _texts(said)]
    except (BadSignature, ValueError, KeyError, TypeError) as error:
        raise click.UsageError("The key is neither a keys.json nor 32 bytes in base64.") from error


def _texts(said: str) -> list[str]:
    if not said.lstrip().startswith("{"):
        return [said]
    return [str(each["public"]) for each in json.loads(said)["keys"]]
