"""The rooms' own verbs, run inside the house: a room's command cannot start a database, so it is started around it."""

import sys
from collections.abc import Callable
from typing import Any

import click

from tutela.compliance.cli import compliance as _compliance
from tutela.config import serving
from tutela.config.cli import set_up
from tutela.config.durability import NotDurable
from tutela.config.localpg import LocalPostgresError
from tutela.strategy.cli import strategy as _strategy


def _inside(group: click.Group) -> click.Group:
    said: Callable[..., Any] | None = group.callback

    @click.pass_context
    def callback(ctx: click.Context, *args: Any, **named: Any) -> Any:
        if not {"--help", "-h"} & set(sys.argv):
            try:
                ctx.with_resource(serving.database(throwaway=False))
            except (LocalPostgresError, NotDurable) as error:
                raise click.ClickException(str(error)) from error
            serving.migrate()
            set_up()
        return said(*args, **named) if said else None

    group.callback = callback
    return group


compliance = _inside(_compliance)
strategy = _inside(_strategy)
