"""The lists that a command compares with: all that are kept here, or those that were named."""

from collections.abc import Collection
from pathlib import Path

import click

from tutela.matching.catalogue import BadCatalogue, Catalogue
from tutela.matching.lists import BadList
from tutela.provider.lists import Lists, NoSuchList
from tutela.provider.telling import say


def chosen_lists(directory: Path | None, names: Collection[str]) -> Catalogue:
    """Says which of them nobody confirms any more. Raises click's exceptions, where there is none or none so named."""
    kept = Lists(directory)
    try:
        catalogue = kept.catalogue()
        kept.check_names(names)
        for sentence in kept.unconfirmed(names):
            say(sentence)
    except NoSuchList as error:
        raise click.UsageError(str(error)) from error
    except (BadCatalogue, BadList) as error:
        raise click.ClickException(str(error)) from error
    return catalogue
