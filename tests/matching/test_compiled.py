import shutil
from pathlib import Path

import pytest

from tutela.matching import compiled


def double(number):
    return 2 * number


def test_the_cache_belongs_to_one_state_of_the_source(tmp_path):
    """What one module changes, the compiled code of another must not remember otherwise."""
    package = Path(compiled.__file__).parent
    copy = tmp_path / "matching"
    shutil.copytree(package, copy, ignore=shutil.ignore_patterns("__pycache__"))
    before = compiled.state_of(copy)
    assert before == compiled.state_of(package)
    source = copy / "thresholds.py"
    source.write_text(source.read_text() + "\n")
    assert compiled.state_of(copy) != before


def test_the_first_directory_that_can_be_written_is_taken(tmp_path):
    (tmp_path / "file").touch()
    blocked, free = tmp_path / "file" / "cache", tmp_path / "free" / "cache"
    assert compiled.first_writable([blocked, free]) == free
    assert compiled.first_writable([blocked]) is None


@pytest.mark.parametrize("cached", [True, False])
def test_functions_compile_with_and_without_a_place_to_keep_them(tmp_path, monkeypatch, cached):
    monkeypatch.setattr(compiled, "_CACHE", tmp_path if cached else None)
    assert compiled.compiled(double)(21) == 42
    assert bool(list(tmp_path.rglob("*.nbi"))) is cached
