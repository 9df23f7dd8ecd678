"""`tutela found`: the first organisations, people and credentials of an installation, added by whoever runs it."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import click

from tutela.config import serving
from tutela.config.cli import THROWAWAY_HELP, set_up

KINDS = ("provider", "hotline", "centre", "national_authority", "policy_body", "prevention_body", "partner")


@click.group()
def found() -> None:
    """Add the first organisations, people and credentials; later ones are added in the console."""


@contextmanager
def _house(throwaway: bool) -> Iterator[None]:
    with serving.database(throwaway=throwaway):
        serving.migrate()
        set_up()
        yield


def _in_the_house(command: Callable[..., None]) -> Callable[..., None]:
    """Run inside the database; what the rooms refuse is said in their own sentence."""

    @click.option("--throwaway", is_flag=True, help=THROWAWAY_HELP)
    @wraps(command)
    def run(throwaway: bool, **said: Any) -> None:
        with _house(throwaway):
            from django.db import IntegrityError

            from tutela.accounts.models import Organisation
            from tutela.accounts.policy import RoleNotOpen

            try:
                command(**said)
            except Organisation.DoesNotExist as error:
                raise click.ClickException("no organisation has this name; add it first") from error
            except IntegrityError as error:
                raise click.ClickException("this name or address is taken already") from error
            except (RoleNotOpen, ValueError) as error:
                raise click.ClickException(str(error)) from error

    return run


@found.command()
@click.argument("name")
@click.option("--kind", type=click.Choice(KINDS), required=True)
@click.option(
    "--country", default="", metavar="MS", help="code of the Member State, as the Union writes it (EL, not GR)"
)
@click.option("--representative", default="", metavar="MS", help="seat of a provider's legal representative")
@click.option("--authority", default="", help="id of the competent authority, such as authority:fr")
@_in_the_house
def organisation(name: str, kind: str, country: str, representative: str, authority: str) -> None:
    """Add an organisation."""
    from tutela.accounts import actions
    from tutela.accounts.policy import HOUSE

    actions.add_organisation(
        name=name, kind=kind, country=country, representative_country=representative, authority=authority, by=HOUSE
    )
    click.echo(f"{name} is here.")


@found.command()
@click.argument("email")
@click.option("--name", required=True)
@click.option("--organisation", "home", required=True, metavar="NAME")
@click.option("--role", "roles", multiple=True, required=True)
@_in_the_house
def person(email: str, name: str, home: str, roles: tuple[str, ...]) -> None:
    """Add a person; the first password is shown once, the second factor is set up at the first sign-in."""
    from tutela.accounts import actions
    from tutela.accounts.models import Organisation
    from tutela.accounts.policy import HOUSE, Role

    first = secrets.token_urlsafe(18)
    at = Organisation.objects.get(name=home)
    chosen = [Role(role) for role in roles]
    actions.add_person(name=name, email=email, organisation=at, roles=chosen, by=HOUSE, password=first)
    click.echo(f"{name} may sign in as {email.lower()} with: {first}")


@found.command()
@click.option("--organisation", "home", required=True, metavar="NAME")
@click.option("--kind", type=click.Choice(["basic", "bearer"]), required=True, help="basic: ispws; bearer: our own API")
@click.option("--role", "roles", multiple=True, required=True)
@_in_the_house
def credential(home: str, kind: str, roles: tuple[str, ...]) -> None:
    """Give an organisation's machines a way in; the secret is shown once."""
    from tutela.accounts import actions
    from tutela.accounts.models import Organisation
    from tutela.accounts.policy import HOUSE, Role

    at = Organisation.objects.get(name=home)
    given = actions.give_credential(organisation=at, kind=kind, roles=[Role(role) for role in roles], by=HOUSE)
    click.echo(f"username: {given.credential.username}")
    click.echo(f"secret:   {given.secret}")


@found.command()
@click.argument("email")
@_in_the_house
def password(email: str) -> None:
    """Give a new first password where nobody else can; second factors are dropped and set up anew."""
    from tutela.accounts import actions
    from tutela.accounts.policy import HOUSE

    first = secrets.token_urlsafe(18)
    actions.give_new_password(_known(email), password=first, by=HOUSE)
    click.echo(f"{email.lower()} may sign in with: {first}")


@found.command()
@click.argument("email")
@_in_the_house
def activate(email: str) -> None:
    """Let in a reader whom no second person of her organisation can let in."""
    from tutela.accounts import actions
    from tutela.accounts.policy import HOUSE

    actions.activate_person(_known(email), by=HOUSE)
    click.echo(f"{email.lower()} may come in.")


def _known(email: str) -> int:
    from tutela.accounts.models import Person

    person = Person.objects.filter(email__iexact=email, ended_at=None).order_by("-is_active", "pk").first()
    if person is None:
        raise ValueError("nobody here has this address")
    return person.pk
