"""Which lexicons the machine goes by: the shipped ones, the operator's, the office's.

The office's own version in force lies sealed in the database, and goes from there
into memory only. Which one it is, the ledger says; its digest proves its files.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from review.detect.lexicon_files import HeldFolder, Layer, layered_digest
from review.errors import LexiconError, TamperError
from review.ledger import statement
from review.ports.records import Reading
from review.ports.secrets import Secrets
from review.resources import lexicons_folder
from review.service.desk import Desk
from review.upkeep.events import LexiconActivated, LexiconProposed, LexiconRejected
from review.upkeep.lexicons import LexiconVersion, in_force, versions_after

NONE: Final = HeldFolder(())

_KINDS: Final = ("lexicon.proposed", "lexicon.activated", "lexicon.rejected")


def versions_of(records: Reading) -> tuple[LexiconVersion, ...]:
    """Return the versions of the office's own lexicon, oldest first."""
    happened = (
        statement.read(one.statement).event for one in records.entries_of_kind(*_KINDS)
    )
    return versions_after(
        one
        for one in happened
        if isinstance(one, LexiconProposed | LexiconActivated | LexiconRejected)
    )


def digest_in_force(records: Reading) -> str | None:
    """Return the digest of the version in force, None where there is none; cheap."""
    entry = records.last_of_kind("lexicon.activated")
    if entry is None:
        return None
    event = statement.read(entry.statement).event
    return event.digest if isinstance(event, LexiconActivated) else None


def folder_in_force(records: Reading, secrets: Secrets) -> HeldFolder:
    """Return the files of the version in force; an empty folder where there is none.

    Raises:
        TamperError: They are gone, or not those that were put into force.
    """
    active = in_force(versions_of(records))
    return NONE if active is None else folder_of(records, secrets, active)


def folder_of(
    records: Reading, secrets: Secrets, version: LexiconVersion
) -> HeldFolder:
    """Return a version's files.

    Raises:
        TamperError: They are gone, or not those that were proposed.
    """
    sealed = records.lexicons.files(version.change)
    folder = NONE if sealed is None else _opened(secrets, version.change, sealed)
    if layered_digest(folder) != version.digest:
        raise TamperError(
            f"词库改动 {version.change} 的内容与记录不符，数据库被改动；"
            "机检已停用这一版本，请保留现场，从备份恢复。"
        )
    return folder


def sealed_folder(secrets: Secrets, change: str, folder: HeldFolder) -> bytes:
    """Return the files sealed for the database.

    Raises:
        LexiconError: A file is not UTF-8.
    """
    try:
        texts = {name: data.decode() for name, data in folder.files}
    except UnicodeDecodeError:
        raise LexiconError("规则文件不是 UTF-8 编码，请另存为 UTF-8 后重试。") from None
    data = json.dumps(texts, ensure_ascii=False, sort_keys=True).encode()
    return secrets.seal(data, purpose=_purpose(change))


def rewrap_lexicons(desk: Desk) -> int:
    """Put files and previews under the vault's present key; return how many were not.

    Raises:
        XianshenError: One does not open; nothing was changed, and the old key must stay.
    """
    changed = 0
    with desk.store.writing() as work:
        kept = work.lexicons
        for change in (one.change for one in versions_of(work)):
            files, preview = kept.files(change), kept.preview(change)
            if files is not None:
                anew = desk.secrets.rewrap(files, purpose=_purpose(change))
                if anew is not None:
                    kept.put_files(change, anew)
                    changed += 1
            if preview is not None:
                anew = desk.secrets.rewrap(preview, purpose=preview_purpose(change))
                if anew is not None:
                    kept.put_preview(change, anew)
                    changed += 1
    return changed


def preview_purpose(change: str) -> str:
    """Return what a version's preview is sealed for."""
    return f"lexicon:{change}:preview"


def layers(desk: Desk, own: HeldFolder) -> tuple[Path, *tuple[Layer, ...]]:
    """Return what lies over what: the shipped lexicons first, the office's own last."""
    return (lexicons_folder(), *laid_over(desk.lexicons_dir, own))


def laid_over(folder: Path | None, own: HeldFolder) -> Sequence[Layer]:
    """Return the layers over the shipped lexicons."""
    operators: tuple[Layer, ...] = () if folder is None else (folder,)
    return (*operators, own) if own.files else operators


def _opened(secrets: Secrets, change: str, sealed: bytes) -> HeldFolder:
    texts = json.loads(secrets.open(sealed, purpose=_purpose(change)))
    return HeldFolder(tuple((name, text.encode()) for name, text in texts.items()))


def _purpose(change: str) -> str:
    return f"lexicon:{change}:files"
