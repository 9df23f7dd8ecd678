"""A key that is made on first use is made once, however many need it first."""

import os
import threading

from tutela.seals.signatures import Signer, write_secret_once


def test_many_threads_that_need_a_key_at_once_get_the_same(tmp_path):
    """n = 16. Each names its own draft: one name for a whole process made the second thread fail."""
    start, kept = threading.Barrier(16), []

    def need():
        start.wait()
        kept.append(Signer.kept_at(tmp_path / "key").public.text())

    threads = [threading.Thread(target=need) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(kept) == 16 and len(set(kept)) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["key"]


def test_a_draft_that_a_crash_left_is_in_nobodys_way(tmp_path):
    (tmp_path / f"key.{os.getpid()}").write_bytes(b"text-1")
    write_secret_once(tmp_path / "key", b"text-2")
    assert (tmp_path / "key").read_bytes() == b"text-2"


def test_the_first_complete_file_wins(tmp_path):
    write_secret_once(tmp_path / "key", b"text-1")
    write_secret_once(tmp_path / "key", b"text-2")
    assert (tmp_path / "key").read_bytes() == b"text-1"
    assert (tmp_path / "key").stat().st_mode & 0o077 == 0
