"""What imports cannot show, kept by reading the code."""

import ast
import inspect
import re
import subprocess
import tomllib
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HOUSE = ROOT / "tutela"
DOORS = ("portal", "console", "api")
JUNK = {"utils", "util", "helpers", "common", "services", "misc", "lib", "tools", "managers"}
# A door may keep a session; everything else it would write is a room's.
WRITES = {
    "save", "create", "bulk_create", "update", "bulk_update", "delete", "get_or_create", "update_or_create", "raw",
    "execute",
}  # fmt: skip


@cache
def sources() -> dict[Path, ast.Module]:
    files = [file for file in sorted(HOUSE.rglob("*.py")) if "migrations" not in file.parts]
    return {file.relative_to(ROOT): ast.parse(file.read_text()) for file in files}


def tracked(*patterns: str) -> list[str]:
    listed = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=False)
    return listed.stdout.split("\n")[:-1]


def models():
    from django.apps import apps

    return [model for model in apps.get_models() if model.__module__.startswith("tutela.")]


def test_no_file_is_longer_than_400_lines():
    everything = [*HOUSE.rglob("*.py"), *(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")]
    long = {str(file.relative_to(ROOT)): n for file in everything if (n := len(file.read_text().splitlines())) > 400}
    assert long == {}


def test_there_is_no_junk_drawer():
    assert [str(file) for file in sources() if JUNK & {*file.with_suffix("").parts}] == []


def test_each_package_says_in_one_line_what_it_is():
    silent = [
        package.name
        for package in HOUSE.iterdir()
        if (package / "__init__.py").exists()
        and not ast.get_docstring(ast.parse((package / "__init__.py").read_text()))
    ]
    assert silent == []


def test_a_foreign_key_between_rooms_leaves_no_name_on_the_other_side():
    named = []
    for model in models():
        for field in model._meta.get_fields():
            remote = getattr(field, "remote_field", None)
            if not getattr(field, "concrete", False) or remote is None or isinstance(remote.model, str):
                continue
            between = remote.model._meta.app_label != model._meta.app_label
            if between and remote.model.__module__.startswith("tutela.") and not remote.hidden:
                named.append(f"{model.__name__}.{field.name}")
    assert named == []


def test_nothing_listens_to_signals():
    listening = [
        str(file)
        for file, tree in sources().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and "signals" in (node.module or "") and "django" in (node.module or "")
    ]
    assert listening == []


@pytest.mark.parametrize("door", DOORS)
def test_a_door_never_writes(door):
    """It calls a room's action. A session is the web's own and is not meant."""
    written = []
    for file, tree in sources().items():
        if file.parts[1] != door:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
                owner = ast.unparse(node.func.value)
                if "objects" in owner or node.func.attr in WRITES - {"update", "raw"}:
                    written.append(f"{file}:{node.lineno} {ast.unparse(node.func)}")
    assert written == []


def actions():
    """Each room's public verbs: what its `actions` module or package shows."""
    for room in sorted({file.parts[1] for file in sources() if file.parts[2:3] in (("actions.py",), ("actions",))}):
        module = import_module(f"tutela.{room}.actions")
        for name in getattr(module, "__all__", None) or [name for name in vars(module) if not name.startswith("_")]:
            function = inspect.unwrap(getattr(module, name))
            if inspect.isfunction(function) and function.__module__.startswith(module.__name__):
                yield room, name, function


# What the house does by itself, in its jobs, names no actor: it is the house. What only reads or serves another action
# is named here, so that a new action cannot forget.
WITHOUT_AN_ACTOR = {
    "audit": {"chain", "anchor", "heads"},
    "keys": {"new", "create", "seal", "unseal", "commitment", "blind"},
    "accounts": {"who_presents"},
    "indicators": {"publish"},
    "reports": {"match_waiting", "match_unmatched", "expire_unfinished", "happened", "steps_for_token"},
    "cases": {"link_waiting"},
    "referrals": {"remind"},
}


def test_every_public_action_names_its_actor_by_keyword():
    nameless = []
    for room, name, function in actions():
        by = inspect.signature(function).parameters.get("by")
        if name in WITHOUT_AN_ACTOR.get(room, set()):
            continue
        if by is None or by.kind is not inspect.Parameter.KEYWORD_ONLY:
            nameless.append(f"{room}.{name}")
    assert nameless == []


def recording() -> set[str]:
    """Names of functions that leave a leaf in the audit, themselves or by one of ours that they call by its name."""
    calls: dict[str, set[str]] = {}
    for tree in sources().values():
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        imports = [
            node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and "tutela" in (node.module or "")
        ]
        ours = {name.asname or name.name for node in imports for name in node.names} | {each.name for each in functions}
        for function in functions:
            named = calls.setdefault(function.name, set())
            for called in (node.func for node in ast.walk(function) if isinstance(node, ast.Call)):
                if isinstance(called, ast.Name) and called.id in ours:
                    named.add(called.id)
                elif isinstance(called, ast.Attribute) and ast.unparse(called.value) in ours | {"self"}:
                    named.add("leaves a leaf" if ast.unparse(called) == "audit.record" else called.attr)
    recorders, known = {"leaves a leaf"}, 0
    while known != len(recorders):
        known = len(recorders)
        recorders |= {name for name, named in calls.items() if named & recorders}
    return recorders


# Read or seal for another action, which leaves the leaf; or the audit and what is below it.
WITHOUT_A_LEAF = {
    "audit": {"record", "leaf", "chain", "anchor", "heads"},
    "keys": {"new", "create", "seal", "unseal", "commitment", "blind"},
    "accounts": {"who_presents"},
    "reports": {"happened", "steps_for_token"},
}


def test_every_public_action_leaves_a_leaf_in_the_audit():
    recorders = recording()
    silent = [
        f"{room}.{name}"
        for room, name, function in actions()
        if function.__name__ not in recorders and name not in WITHOUT_A_LEAF.get(room, set())
    ]
    assert silent == []


def test_every_provision_that_is_cited_exists():
    from tutela.law.instruments import provision

    cited = re.compile(r"\b(?:dir|reg|dsa|csar|impl)-[0-9a-z-]+:[a-z0-9-]+")
    unknown = []
    for file in sources():
        for citation in cited.findall((ROOT / file).read_text()):
            try:
                provision(citation)
            except LookupError:
                unknown.append(f"{file}: {citation}")
    assert unknown == []


def test_no_media_file_is_in_the_repository():
    media = re.compile(r"\.(jpe?g|webp|heic|avif|mp4|mov|gif|bmp|tiff?|avi|mkv|webm)$", re.IGNORECASE)
    assert [name for name in tracked() if media.search(name)] == []


def test_no_address_of_a_package_index_and_no_path_of_a_machine_is_in_the_repository():
    leak = re.compile(r"https?://[^ \"']*/simple/|/packages/[0-9a-f]{2}/[0-9a-f]{2}/|file:/{3}")
    leaked = []
    for name in tracked():
        path = ROOT / name
        if path.is_file() and name != "tests/test_house.py":
            text = path.read_bytes().decode("utf-8", errors="ignore")
            leaked += [f"{name}: {found}" for found in leak.findall(text)]
    assert leaked == []


def test_the_lock_holds_a_hash_for_everything_it_names():
    lock = (ROOT / "requirements.lock").read_text()
    entries = [entry for entry in re.split(r"\n(?=\S)", lock) if "==" in entry]
    assert len(entries) > 50
    assert [entry.split("==")[0] for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.django_db
def test_no_model_has_changed_without_its_migration():
    from django.core.management import call_command

    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)


def test_the_map_is_the_one_the_contract_prints():
    from tutela.config.housemap import MAP, house_map

    assert MAP.read_text() == house_map()


def test_the_contract_names_every_package():
    plan = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    named = {name.strip() for layer in plan["layers"] for name in layer.split("|")}
    built = {path.stem for path in HOUSE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert built - {"__init__"} <= named
