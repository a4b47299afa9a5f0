"""What stands where in a backup, and which tables are not in one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlalchemy import Table

from review.detect import model_folder
from review.errors import ModelError
from review.store.schema import metadata
from review.store.tables import blobs

HEADER: Final = "header.json"
TABLES: Final = "tables"
VAULT: Final = "vault"
WITNESS: Final = "witness"
POLICY: Final = "office/policy.yaml"
LEXICONS: Final = "office/lexicons"
MODELS: Final = "office/models"
JWKS: Final = "public/jwks.json"
LEDGER_KEYS: Final = "public/ledger-keys.txt"
KEYS: Final = "keys"

# Envelopes are members of their own. A session that ended since must not come back.
_ASIDE: Final = frozenset({blobs.name, "sessions"})


def tables() -> tuple[Table, ...]:
    """Return the tables whose rows are kept, a table after those it refers to."""
    return tuple(one for one in metadata.sorted_tables if one.name not in _ASIDE)


def part_name(kind: str, number: int, ending: str) -> str:
    """Return the name of one of several members."""
    return f"{kind}/{number:06d}.{ending}"


def envelope_name(address: str) -> str:
    """Return the name of an envelope's member."""
    return f"{VAULT}/{address[:2]}/{address}"


def lexicon_files(folder: Path | None) -> Iterator[tuple[str, Path]]:
    """Yield the office's own lexicon files with their names below the folder."""
    if folder is None or not folder.is_dir():
        return
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path.relative_to(folder).as_posix(), path


def model_files(models: Path, digest: str | None) -> Iterator[tuple[str, Path]]:
    """Yield the files of the office's own model in force, with their names below `models`."""
    if digest is None:
        return
    files = [f"{digest}/{name}" for name in model_folder.FILES]
    for name in (*files, model_folder.IN_FORCE):
        if (models / name).is_file():
            yield name, models / name


def model_loads(models: Path, digest: str | None) -> bool:
    """Tell whether the model in force lies there whole; the shipped one always does."""
    if digest is None:
        return True
    try:
        model_folder.load_own(models, digest)
    except ModelError:
        return False
    return True
