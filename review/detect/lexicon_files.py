"""Which files make up the lexicons: folders laid over each other, their digest."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from review import digests
from review.errors import LexiconError


def layered_digest(*folders: Path) -> str:
    """Return the digest of the folders' files as `load_lexicon` sees them."""
    return digest_of(layered(folders))


def layered(folders: Iterable[Path]) -> dict[str, Path]:
    """Return the file of each relative name; later folders win."""
    files: dict[str, Path] = {}
    for folder in folders:
        if not folder.is_dir():
            raise LexiconError(f"找不到词库目录：{folder}")
        for path in folder.rglob("*.yaml"):
            files[path.relative_to(folder).as_posix()] = path
    return files


def digest_of(files: Mapping[str, Path]) -> str:
    """Return one digest over the files' names and bytes."""
    return digests.of_json(
        [
            [name, digests.of_bytes(path.read_bytes())]
            for name, path in sorted(files.items())
        ]
    )
