"""Killed at any moment, a writer leaves whole blobs or none."""

import random
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from review.vault.folder import FolderBlobs
from review.vault.keys import Key, ring_of
from review.vault.vault import Vault

_KILLS = 50
_KEY = bytes(range(32))
# Puts one large blob after the other, without end, naming each that is done.
_WRITER = """
import sys
from pathlib import Path
from review.vault.folder import FolderBlobs
from review.vault.keys import Key, ring_of
from review.vault.vault import Vault

vault = Vault(FolderBlobs(Path(sys.argv[1])), ring_of(Key(bytes(range(32)))))
vault.probe()
print("ready", flush=True)
for count in range(int(sys.argv[2]), 10**9):
    print(vault.put(count.to_bytes(8, "big") * 150_000), flush=True)
"""


@pytest.mark.slow
def test_a_killed_writer_leaves_whole_blobs_or_none(tmp_path: Path) -> None:
    root = tmp_path / "vault"
    chance = random.Random(2026)  # noqa: S311 - only when to kill
    promised: set[str] = set()
    torn = 0
    for kill in range(_KILLS):
        promised |= _killed_writer(root, kill * 10_000, chance.uniform(0, 0.03))
        torn += len(list(root.rglob("*.tmp")))
        blobs = FolderBlobs(root)
        assert not list(root.rglob("*.tmp"))
        vault = Vault(blobs, ring_of(Key(_KEY)))
        vault.probe()
        assert vault.check().unopened == ()
        assert promised <= set(blobs.addresses())
        # What was proven need not be read again at the next kill.
        for address in promised:
            vault.purge(address)
        promised.clear()
    # Else no kill ever came in the middle of a write, and nothing was shown.
    assert torn > 0


def _killed_writer(root: Path, start: int, delay: float) -> set[str]:
    """Run a writer, kill it `delay` seconds after it began, return its promises."""
    command = [sys.executable, "-c", _WRITER, str(root), str(start)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:  # noqa: S603 - our own program
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        threading.Event().wait(delay)
        writer.kill()
        said = writer.stdout.read()
    return {line for line in said.splitlines() if len(line) == 64}
