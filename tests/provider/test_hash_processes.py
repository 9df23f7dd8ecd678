"""A file that ends the process which hashes it is found and left out; nothing else is lost."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tutela.provider.hashing import hash_file

# A decoder that crashes on the file of this name. It stands in a module of its own, which a worker can import.
FATAL = "fatal"


def hash_or_die(path):
    if path.name == FATAL:
        os._exit(11)
    return hash_file(path)


@pytest.fixture
def files(tmp_path):
    for number in range(30):
        (tmp_path / f"{number:02}").write_bytes(bytes([number]))
    return sorted(tmp_path.iterdir())


def run(files, *lines):
    """In a process of its own: what a worker runs is found by its module's name."""
    code = "\n".join([
        "import sys",
        "from pathlib import Path",
        "from tests.provider import test_hash_processes as here",
        "from tutela.provider import processes",
        "def main():",
        "    processes.hash_file = here.hash_or_die",
        *(f"    {line}" for line in lines),
        "if __name__ == '__main__': main()",
    ])  # fmt: skip
    script = files[0].parent.parent / "script.py"
    script.write_text(code)
    root = Path(__file__).parents[2]
    return subprocess.run(
        [sys.executable, script, *map(str, files)],
        capture_output=True, text=True, check=False, timeout=60, env=os.environ | {"PYTHONPATH": str(root)},
    )  # fmt: skip


def test_a_file_that_ends_its_process_is_left_out_and_the_others_are_hashed(files):
    files[7] = files[7].rename(files[7].with_name(FATAL))
    ran = run(
        files,
        "for lead in processes.hash_files(map(Path, sys.argv[1:]), workers=2):",
        "    print(lead.name, lead.sha256, lead.refused)",
    )
    assert ran.returncode == 0, ran.stderr
    lines = ran.stdout.splitlines()
    assert [line.split()[0] for line in lines] == [str(file) for file in files]
    assert [n for n, line in enumerate(lines) if " None " in line] == [7]
    assert "ended the process" in lines[7]
