"""`tutela draw`: a folder of drawn pictures, some of which come back from the demonstration's list."""

import random
from collections.abc import Iterator
from pathlib import Path

import click

from tutela.demo.pictures import Drawn, draw, redraw

# Drawings with these numbers are on the list of every demonstration, however short.
KNOWN = 20
# Far from every drawing that a demonstration lists or sends.
FIRST_UNKNOWN = 5_000_000
_TOGETHER = 100


@click.command("draw")
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.option("--count", default=1000, show_default=True, type=click.IntRange(1, 100_000), help="Pictures in all.")
@click.option("--planted", default=7, show_default=True, type=click.IntRange(0, KNOWN), help="Known ones among them.")
@click.option("--list", "list_file", type=click.Path(dir_okay=False, path_type=Path),
              help="Write the known drawings' hashes here, for tutela lists import.")  # fmt: skip
@click.option("--seed", default=7, show_default=True, type=int, help="The same seed plants in the same places.")
def draw_folder(*, directory: Path, count: int, planted: int, list_file: Path | None, seed: int) -> None:
    """Draw a folder to try `tutela match` on: --count pictures in DIRECTORY, of which --planted resemble known ones.

    The known ones are on the list of `tutela demo`; they come smaller, brighter and compressed again, as pictures come
    back from the internet. Nothing in them is real: gradients, shapes and a number. Says which ones were planted.
    """
    if planted > count:
        raise click.UsageError("No more can be planted than there are pictures.")
    if directory.exists() and any(directory.iterdir()):
        raise click.ClickException(f"{directory} is not empty; name one that is, or that does not exist.")
    where = set(random.Random(seed).sample(range(count), planted))
    for name, number, drawn in _drawn(count, where):
        file = directory / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(drawn.data)
        if number < KNOWN:
            click.echo(f"{file} resembles drawing {number}")
    if list_file:
        list_file.write_text("".join(_listed()), encoding="utf-8")
    click.echo(f"{count:,} pictures are in {directory}, {planted} of them planted.")


def _drawn(count: int, where: set[int]) -> Iterator[tuple[str, int, Drawn]]:
    known = iter(range(KNOWN))
    for place in range(count):
        name = f"{place // _TOGETHER:03}/{place:06}.jpg"
        if place in where:
            number = next(known)
            yield name, number, redraw(number, variation=place)
        else:
            yield name, FIRST_UNKNOWN + place, draw(FIRST_UNKNOWN + place)


def _listed() -> Iterator[str]:
    yield "reference,pdq,sha256\n"
    for number in range(KNOWN):
        drawn = draw(number)
        yield f"drawing {number},{drawn.hashed.pdq.hex()},{drawn.digests.sha256}\n"
