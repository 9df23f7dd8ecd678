"""Print the map of the house from the import contract and each package's first line; `--check` refuses an old one."""

import ast
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
MAP = ROOT / "tutela" / "README.md"
FLOORS = {
    "cli": "The command",
    "portal": "Doors: one audience each; no rules, no writes",
    "strategy": "Rooms: what we do",
    "accounts": "Ground: who may, who did",
    "exchange": "Cellar: pure Python, no Django, no network, no database",
}
HEAD = """# The house

*Printed from the import contract in `pyproject.toml` and the first line of each package by
`python -m tutela.config.housemap`; a map that is out of date does not pass `make check`.*

Each floor may import the floors below it, none above, none beside it. Names in brackets are planned and not built.
"""


def layers() -> list[list[str]]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    plan = next(contract for contract in contracts if contract.get("exhaustive"))
    return [[name.strip() for name in layer.split("|")] for layer in plan["layers"]]


def first_line(name: str) -> str:
    package = ROOT / "tutela" / name / "__init__.py"
    source = package if package.exists() else ROOT / "tutela" / f"{name}.py"
    said = ast.get_docstring(ast.parse(source.read_text()))
    if not said:
        raise SystemExit(f"{source.relative_to(ROOT)} does not say in one line what it is")
    return said.splitlines()[0]


def house_map() -> str:
    lines = [HEAD]
    for layer in layers():
        floor = next((FLOORS[name] for name in layer if name in FLOORS), None)
        if floor:
            lines += ["", f"## {floor}", "", "| package | what it is |", "|---|---|"]
        for name in layer:
            if name.startswith("("):
                lines.append(f"| {name} | |")
            else:
                file = name if (ROOT / "tutela" / name).is_dir() else f"{name}.py"
                lines.append(f"| [`{name}`]({file}) | {first_line(name)} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    if "--check" in sys.argv[1:]:
        if not MAP.exists() or MAP.read_text() != house_map():
            raise SystemExit("tutela/README.md is out of date: run 'python -m tutela.config.housemap'")
    else:
        MAP.write_text(house_map())


if __name__ == "__main__":
    main()
