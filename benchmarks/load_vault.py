"""What an item as an office hands it in leaves in the vault, and how long its scan takes.

`python -m benchmarks.load_vault`: twenty drafts, of the sizes and kinds of
`benchmarks.workers`, in one process and not behind walls. Prints bytes and milliseconds.
"""

import statistics
import tempfile
import time
from pathlib import Path
from typing import Final

from benchmarks.workers import real_draft
from review.bootstrap import install, open_installation
from review.service.cases import scan, submit
from review.settings import Settings
from tests.service import site as sites

DRAFTS: Final = 20


def main() -> None:
    """Hand in, scan, count."""
    with tempfile.TemporaryDirectory(prefix="xianshen-vault-") as folder:
        settings = Settings(data_dir=Path(folder), demo=False)
        install(settings)
        times: list[float] = []
        with open_installation(settings, via="benchmark") as installation:
            sites.staff(installation.desk)
            empty = _bytes(settings.vault_dir)
            for number in range(DRAFTS):
                one = real_draft(number)
                case = submit.submit(installation.desk, one, person="zhang")
                began = time.process_time()
                scan.scan(installation.desk, case.number)
                times.append((time.process_time() - began) * 1_000)
        kept = (_bytes(settings.vault_dir) - empty) / DRAFTS
        files = sum(one.is_file() for one in settings.vault_dir.rglob("*")) / DRAFTS
    print(f"vault, bytes an item      {kept:>12,.0f}")
    print(f"vault, files an item      {files:>12.1f}")
    print(f"scan, processor time, ms  {statistics.median(times):>12,.0f}")


def _bytes(folder: Path) -> int:
    return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())


if __name__ == "__main__":
    main()
