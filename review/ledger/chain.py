"""The law of the chain: how an entry is sealed, and how all are verified.

Every entry holds the digest of the one before and is signed. The first says
`ledger.opened` and names the public key that signs it; `ledger.key_changed`
names the key of the entries after it and is signed by the key before. A head
is the signed statement "entry so and so has this digest"; kept outside the
database, it holds the end of the chain, which the chain itself cannot.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from review.errors import LedgerError, TamperError
from review.ledger.entry import (
    FORMAT,
    GENESIS,
    Algorithm,
    Entry,
    canonical,
    digest_of,
    entry_message,
    is_hex,
    is_stamp,
    is_whole,
    read_statement,
)
from review.ledger.keys import PublicKey, SigningKey

OPENED = "ledger.opened"
KEY_CHANGED = "ledger.key_changed"
ADVICE = "请立即停用本系统，保留现场，并用备份和纸质审查表核对。"


@dataclass(frozen=True, slots=True)
class Head:
    """What a witness holds: entry `index` had this `digest` at this time.

    `key` is the whole public key (64 hexadecimal digits), so that a head can
    be checked by itself; whether the key is the chain's, `verify` says.
    """

    index: int
    digest: str
    at: str
    key: str
    signature: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What a whole chain comes to.

    `head` is the last digest (64 zeros when there is no entry); `keys` are the
    keys in the order of their turns, the last one signs what comes next.
    Whoever holds no witnessed head must compare `keys` with his own: a chain
    built from nothing under a strange key is consistent too.
    """

    head: str
    entries: int
    keys: tuple[PublicKey, ...]


def seal(
    statement: str, *, after: Entry | None, key: SigningKey, algorithm: Algorithm
) -> Entry:
    """Seal a canonical statement as the entry that follows `after`.

    Raises:
        LedgerError: The statement is not canonical, or does not begin a chain
            where it must, or `key` is not the key whose turn it is.
    """
    said = read_statement(statement)
    _forbid_strange_key(said, after=after, key=key)
    index = 0 if after is None else after.index + 1
    previous = GENESIS if after is None else after.digest
    digest = digest_of(
        statement, index=index, previous=previous, algorithm=algorithm, key=key.id
    )
    return Entry(
        index=index,
        previous=previous,
        algorithm=algorithm,
        statement=statement,
        key=key.id,
        digest=digest,
        signature=key.sign(entry_message(digest)),
    )


def verify(entries: Iterable[Entry], *, witnessed: Iterable[Head] = ()) -> Verified:
    """Check that `entries` are whole, signed and hold every witnessed head.

    One pass, constant memory beside the heads.

    Raises:
        TamperError: An entry is missing, moved, changed or forged, or the chain
            ends before a witnessed head or differs from it.
    """
    verifier = Verifier(witnessed=witnessed)
    for entry in entries:
        verifier.step(entry)
    return verifier.finish()


def verify_along(
    entries: Iterable[Entry],
    *,
    heads: Iterable[Head],
    after: tuple[Entry, PublicKey] | None = None,
) -> Verified:
    """Check like `verify`, with any number of heads, in the order of their indexes.

    One pass, constant memory: each head is taken when its entry has just been proven.
    With `after`, an entry that was proven before and the key whose turn came with it,
    `entries` and `heads` are those that follow.

    Raises:
        TamperError: As `verify`, or a head comes after one with a higher index.
    """
    verifier, waiting = Verifier(), iter(heads)
    if after is not None:
        verifier.go_on(*after)
    head = next(waiting, None)
    for entry in entries:
        verifier.step(entry)
        while head is not None and head.index <= entry.index:
            verifier.meet(head)
            head = next(waiting, None)
    if head is not None:
        verifier.miss(head)
    return verifier.finish()


class Verifier:
    """`verify`, one entry at a time: what is proven so far, and the next step.

    A step that raises leaves what is proven as it was.
    """

    def __init__(self, *, witnessed: Iterable[Head] = ()) -> None:
        """Begin before the first entry, with the heads that must be met.

        Raises:
            TamperError: A head is not signed, or two contradict each other.
        """
        self._heads: dict[int, Head] = {}
        self._witnesses: set[str] = set()
        for head in witnessed:
            check_head(head)
            known = self._heads.setdefault(head.index, head)
            if known.digest != head.digest:
                raise TamperError(
                    f"见证记录自相矛盾：序号 {head.index} 有两个不同的摘要。{ADVICE}"
                )
            self._witnesses.add(head.key)
        self._count = 0
        self._head = GENESIS
        self._keys: tuple[PublicKey, ...] = ()
        self._turn: tuple[str, PublicKey] | None = None  # whose turn it is, with its id

    def go_on(self, entry: Entry, key: PublicKey) -> None:
        """Begin after an entry that was proven before, `key` being its own.

        Raises:
            TamperError: The entry is not as it was sealed with that key.
        """
        check_entry(entry, key)
        self._keys = (key,)
        self._turn = _following_key(
            entry, _check_contents(entry), turn=(entry.key, key)
        )
        if self._turn[1] != key:
            self._keys = (key, self._turn[1])
        self._head, self._count = entry.digest, entry.index + 1

    @property
    def proven(self) -> Verified:
        """Return what the entries so far come to, the heads ahead left aside."""
        return Verified(self._head, self._count, self._keys)

    def step(self, entry: Entry) -> None:
        """Check that `entry` is the next one.

        Raises:
            TamperError: It is not, and why.
        """
        _check_place(entry, index=self._count, previous=self._head)
        said = _check_contents(entry)
        turn = self._turn or _opening_key(entry, said)
        if entry.key != turn[0]:
            raise _tampered(entry.index, "不是由当时启用的密钥签署的")
        if not turn[1].signed(entry_message(entry.digest), entry.signature):
            raise _tampered(entry.index, "签名不符，不是持有密钥的系统签署的")
        head = self._heads.get(entry.index)
        if head is not None and head.digest != entry.digest:
            raise _tampered(entry.index, "与系统外见证的摘要不同，已被改写")
        following = _following_key(entry, said, turn=turn)
        self._keys = self._keys or (turn[1],)
        if following is not turn:
            self._keys = (*self._keys, following[1])
        self._turn = following
        self._head = entry.digest
        self._count = entry.index + 1

    def meet(self, head: Head) -> None:
        """Check that the entry just proven is the one that the head holds.

        Raises:
            TamperError: It is not, the head is not signed, or is out of order.
        """
        check_head(head)
        if head.index != self._count - 1:
            raise TamperError(
                f"序号 {head.index} 的见证记录排在 {self._count - 1} 之后，次序被改动。"
                f"{ADVICE}"
            )
        if head.digest != self._head:
            raise _tampered(head.index, "与系统外见证的摘要不同，已被改写")
        self._witnesses.add(head.key)

    def miss(self, head: Head) -> None:
        """Refuse a chain that ends before the head, which was signed.

        Raises:
            TamperError: Always.
        """
        check_head(head)
        raise _cut_off(self._count, head.index)

    def finish(self) -> Verified:
        """Check that nothing is missing at the end, and return what is proven.

        Raises:
            TamperError: The chain ends before a witnessed head, or a head was
                signed with a key that the chain does not know.
        """
        last = max(self._heads, default=-1)
        if last >= self._count:
            raise _cut_off(self._count, last)
        if not self._witnesses <= {one.hex for one in self._keys}:
            raise TamperError(
                f"见证记录的签名密钥不是记录链的密钥，两者不属于同一个系统。{ADVICE}"
            )
        return self.proven


def check_entry(entry: Entry, key: PublicKey) -> None:
    """Check one entry out of its place: that `key` signed it and nothing was changed.

    That none is missing before or after it, only `verify` can tell.

    Raises:
        TamperError: It is not as it was sealed.
    """
    _check_contents(entry)
    if entry.key != key.id:
        raise _tampered(entry.index, "不是由启用的密钥签署的")
    if not key.signed(entry_message(entry.digest), entry.signature):
        raise _tampered(entry.index, "签名不符，不是持有密钥的系统签署的")


def sign_head(entry: Entry, *, at: str, key: SigningKey) -> Head:
    """Return the head that a witness keeps of `entry`, signed.

    Raises:
        LedgerError: `at` is no stamp such as 2026-11-22T09:15:00.123+08:00.
    """
    if not is_stamp(at):
        raise LedgerError("见证时间的写法不对；应如 2026-11-22T09:15:00.123+08:00。")
    message = _head_message(entry.index, entry.digest, at, key.public_hex)
    return Head(entry.index, entry.digest, at, key.public_hex, key.sign(message))


def check_head(head: Head) -> None:
    """Check that a head is signed with the key that it names.

    Raises:
        TamperError: It is not.
    """
    sound = type(head.index) is int and head.index >= 0
    if not (sound and is_hex(head.digest, 64) and is_stamp(head.at)):
        raise TamperError(f"见证记录的内容不成样子，已被改动。{ADVICE}")
    try:
        key = _public_key(head.key)
    except LedgerError:
        raise TamperError(f"见证记录的公钥不成样子，已被改动。{ADVICE}") from None
    message = _head_message(head.index, head.digest, head.at, head.key)
    if not key.signed(message, head.signature):
        raise TamperError(f"序号 {head.index} 的见证记录签名不符，已被改动。{ADVICE}")


@lru_cache(maxsize=64)
def _public_key(text: str) -> PublicKey:
    return PublicKey(text)


def _cut_off(count: int, index: int) -> TamperError:
    return TamperError(
        f"记录链只有 {count} 条，而序号 {index} 已经见证过："
        f"末尾的记录被删去了。{ADVICE}"
    )


def _head_message(index: int, digest: str, at: str, key: str) -> bytes:
    said = canonical({"at": at, "digest": digest, "index": index, "key": key})
    return f"{FORMAT} head {said}".encode()


def _forbid_strange_key(
    said: Mapping[str, object], *, after: Entry | None, key: SigningKey
) -> None:
    if (after is None) != (said["kind"] == OPENED):
        raise LedgerError(
            f"记录链的第一条、也只有第一条是 {OPENED}；请检查写入记录的程序。"
        )
    named = None if said["kind"] not in (OPENED, KEY_CHANGED) else _named_key(said)
    if after is None:
        turn = "" if named is None else named.id
    else:
        before = read_statement(after.statement)
        changed = before["kind"] == KEY_CHANGED
        turn = _named_key(before).id if changed else after.key
    if turn != key.id:
        raise LedgerError(
            f"记录链现在应由密钥 {turn} 签署，而设置里的密钥是 {key.id}；"
            "请换回正确的密钥文件，或先做密钥更换。"
        )


def _named_key(said: Mapping[str, object]) -> PublicKey:
    data = said.get("data")
    named = data.get("key") if isinstance(data, dict) else None
    if not isinstance(named, str):
        raise LedgerError("记录内容里没有公钥（data.key）；请检查写入记录的程序。")
    return PublicKey(named)


def _check_place(entry: Entry, *, index: int, previous: str) -> None:
    if type(entry.index) is not int or entry.index != index:
        raise TamperError(
            f"记录链的序号不连：此处应为序号 {index}，实为 {entry.index}，"
            f"有记录被删去、插入或调换。{ADVICE}"
        )
    if entry.previous != previous:
        raise _tampered(index, "与上一条断开，有记录被改动、插入或调换")


def _check_contents(entry: Entry) -> Mapping[str, object]:
    if entry.algorithm not in ("sha256", "sm3"):
        raise _tampered(entry.index, "摘要算法不是 sha256 或 sm3")
    if not is_whole(entry):
        raise _tampered(entry.index, "内容与摘要不符，已被改动")
    try:
        return read_statement(entry.statement)
    except LedgerError:
        raise _tampered(entry.index, "内容不是规范写法，已被改动") from None


def _opening_key(entry: Entry, said: Mapping[str, object]) -> tuple[str, PublicKey]:
    if said["kind"] != OPENED:
        raise _tampered(entry.index, "不是开链记录，开头的记录被删去了")
    return _key_in(entry, said)


def _following_key(
    entry: Entry, said: Mapping[str, object], *, turn: tuple[str, PublicKey]
) -> tuple[str, PublicKey]:
    if said["kind"] == OPENED and entry.index > 0:
        raise _tampered(entry.index, "又是开链记录，后面的记录来自另一条链")
    if said["kind"] != KEY_CHANGED:
        return turn
    return _key_in(entry, said)


def _key_in(entry: Entry, said: Mapping[str, object]) -> tuple[str, PublicKey]:
    try:
        key = _named_key(said)
    except LedgerError:
        raise _tampered(entry.index, "没有可用的公钥（data.key）") from None
    return key.id, key


def _tampered(index: int, what: str) -> TamperError:
    return TamperError(f"记录链在序号 {index} 处有问题：这一条{what}。{ADVICE}")
