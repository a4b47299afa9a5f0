"""The database held against the witness file, which its owner does not have.

The witness may lag behind (a crash came between the commit and the witness),
and is then brought up once the entries since are verified. It is never ahead and never
says otherwise: that is tampering, or a restored backup, and is not mended here.
"""

from review.errors import TamperError
from review.ledger.chain import KEY_CHANGED, Head, verify, verify_along
from review.ledger.entry import Entry, entry_message, is_whole, read_statement
from review.ledger.keys import PublicKey
from review.store.reading import SqlReading

_ADVICE = (
    "请立即停用本系统，保留现场，核对备份和纸质审查表；"
    "如刚从旧备份恢复了数据库，请改用与见证文件相符的备份。"
)


def forbid_other_history(records: SqlReading, witnessed: Head | None) -> Entry | None:
    """Return the witnessed entry; refuse a database that the witness contradicts.

    Raises:
        TamperError: The ledger ends before the witnessed entry, or that entry is
            another one, or there should be a witness and is none.
    """
    last = records.last_entry()
    if witnessed is None:
        # The very first entry alone may have been cut off from its witness by a crash.
        if last is not None and last.index > 0:
            raise TamperError(
                "见证文件不见了，而数据库里已有审查记录；请从备份恢复见证文件"
                "（旧一些的也可以），确实找不回时请系统管理员核对后重建见证。"
            )
        return None
    if last is None or last.index < witnessed.index:
        kept = 0 if last is None else last.index + 1
        raise TamperError(
            f"数据库里只有 {kept} 条审查记录，而序号 {witnessed.index} 已经见证过："
            f"末尾的记录被删去了。{_ADVICE}"
        )
    entry = next(records.entries(after=witnessed.index - 1))
    if entry.digest != witnessed.digest or not is_whole(entry):
        raise TamperError(
            f"序号 {witnessed.index} 的审查记录与系统外的见证不符，已被改写。{_ADVICE}"
        )
    return entry


def verify_since(records: SqlReading, witnessed: Head | None) -> Entry | None:
    """Check every entry after the witnessed one, and return the last of all.

    Raises:
        TamperError: One is missing, changed or forged, or the witness contradicts.
    """
    entry = forbid_other_history(records, witnessed)
    key = None if entry is None or witnessed is None else _key_of(entry, witnessed)
    if entry is None or key is None:
        heads = () if witnessed is None else (witnessed,)
        verify(records.entries(), witnessed=heads)
        return records.last_entry()
    for following in records.entries(after=entry.index):
        key = _key_after(entry, key)
        if not _follows(following, entry, key):
            raise TamperError(
                f"序号 {following.index} 的审查记录接不上前一条，或不是本系统签署的。"
                f"{_ADVICE}"
            )
        entry = following
    return entry


def verify_whole(records: SqlReading) -> Entry | None:
    """Check the whole ledger against the heads kept in it; return its last entry.

    Raises:
        TamperError: An entry is missing, moved, changed or forged.
    """
    verify_along(records.entries(), heads=records.heads())
    return records.last_entry()


def _key_of(entry: Entry, witnessed: Head) -> PublicKey | None:
    """Return the key that signed the witnessed entry, if it is the witness's own."""
    key = PublicKey(witnessed.key)
    return key if key.id == entry.key else None


def _key_after(entry: Entry, key: PublicKey) -> PublicKey:
    said = read_statement(entry.statement)
    data = said.get("data")
    if said["kind"] == KEY_CHANGED and isinstance(data, dict):
        return PublicKey(str(data.get("key")))
    return key


def _follows(entry: Entry, before: Entry, key: PublicKey) -> bool:
    return (
        entry.index == before.index + 1
        and entry.previous == before.digest
        and entry.key == key.id
        and is_whole(entry)
        and key.signed(entry_message(entry.digest), entry.signature)
    )
