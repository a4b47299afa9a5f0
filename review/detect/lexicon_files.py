"""Which files make up the lexicons: layers laid over each other, their digest.

A layer is a folder on the disk, or a `HeldFolder`: an office's own rule files as
they lie in the database, which may be sensitive and are never written to a disk.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol, TypeAlias

from review import digests
from review.errors import LexiconError

_HELD: Final = "本单位词库"


class RuleSource(Protocol):
    """Where a rule file's bytes come from; as text, the name that messages give it."""

    def read_bytes(self) -> bytes:
        """Return the bytes."""
        ...


@dataclass(frozen=True, slots=True)
class HeldFile:
    """One rule file in memory."""

    name: str
    data: bytes

    def read_bytes(self) -> bytes:
        """Return the bytes."""
        return self.data

    def __str__(  # type: ignore[explicit-override]  # - `override` needs 3.12
        self,
    ) -> str:
        """Return the name that messages give it."""
        return f"{_HELD}/{self.name}"


@dataclass(frozen=True, slots=True)
class HeldFolder:
    """Rule files in memory by their names, as they would lie in a folder."""

    files: tuple[tuple[str, bytes], ...]

    @property
    def names(self) -> frozenset[str]:
        """Return the files' names."""
        return frozenset(name for name, _ in self.files)


Layer: TypeAlias = Path | HeldFolder


def layered_digest(*layers: Layer) -> str:
    """Return the digest of the layers' files as `load_lexicon` sees them."""
    return digest_of(layered(layers))


def layered(layers: Iterable[Layer]) -> dict[str, RuleSource]:
    """Return the file of each relative name; later layers win.

    Raises:
        LexiconError: A folder is not there.
    """
    files: dict[str, RuleSource] = {}
    for layer in layers:
        if isinstance(layer, HeldFolder):
            files.update({name: HeldFile(name, data) for name, data in layer.files})
            continue
        if not layer.is_dir():
            raise LexiconError(f"找不到词库目录：{layer}")
        for path in layer.rglob("*.yaml"):
            files[path.relative_to(layer).as_posix()] = path
    return files


def digest_of(files: Mapping[str, RuleSource]) -> str:
    """Return one digest over the files' names and bytes."""
    return digests.of_json(
        [
            [name, digests.of_bytes(file.read_bytes())]
            for name, file in sorted(files.items())
        ]
    )
