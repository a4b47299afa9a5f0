"""The ledger as a file: for the archive, and for whoever checks it elsewhere.

JSON Lines, each line canonical JSON and one line feed:

    {"at":…,"entries":N,"format":"xianshen-ledger/1","keys":[{"id":…,"public":…}…],"type":"header"}
    {"algorithm":…,"digest":…,"index":…,"key":…,"previous":…,"signature":…,"statement":{…},"type":"entry"}
    {"entries":N,"head":…,"key":…,"sha256":…,"signature":…,"type":"trailer"}

`keys` are the chain's keys in the order of their turns; `head` is the last
digest; `sha256` is over every byte before the trailer's line; the trailer's
signature, by the last key, is over `xianshen-ledger/1 export ` and the
trailer without its signature. A statement stands as an object, so that people
can read it; its digest is over its canonical text, which is the same
characters. Reading back refuses whatever would not be written exactly so.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass

from review.errors import LedgerError, TamperError
from review.ledger.chain import Head, Verified, Verifier
from review.ledger.entry import (
    FORMAT,
    LONGEST_STATEMENT,
    Entry,
    decode,
    encode,
    is_stamp,
)
from review.ledger.keys import PublicKey, SigningKey

LONGEST_LINE = LONGEST_STATEMENT + 4096  # bytes: a statement and what stands around it
_ENTRY_BEGINS = (
    r'\{"algorithm":"(sha256|sm3)","digest":"([0-9a-f]{64})",'
    r'"index":(0|[1-9][0-9]{0,15}),"key":"([0-9a-f]{16})","previous":"([0-9a-f]{64})",'
    r'"signature":"([0-9a-f]{128})","statement":'
)
_ENTRY_ENDS = ',"type":"entry"}\n'
_ADVICE = "请勿采信此文件，重新从系统导出，或与存档的另一份核对。"


def export(
    entries: Iterable[Entry], *, verified: Verified, at: str, key: SigningKey
) -> Iterator[bytes]:
    """Write `entries`, which came to `verified` before, line by line.

    Streams: `verified` (from `verify`) is what the header needs beforehand. The
    entries are verified once more on the way, so a chain that was changed in
    between never gets a trailer, and a file without one is refused.

    Raises:
        LedgerError: There is no entry, `key` is not the chain's present key, or
            `at` is no stamp such as 2026-11-22T09:15:00.123+08:00.
        TamperError: The entries do not come to `verified`.
    """
    if verified.entries == 0:
        raise LedgerError("记录链还没有任何记录，没有可导出的内容。")
    if key.public != verified.keys[-1]:
        raise LedgerError(
            f"记录链现在的密钥是 {verified.keys[-1].id}，而设置里的密钥是 {key.id}；"
            "请换回正确的密钥文件后再导出。"
        )
    if not is_stamp(at):
        raise LedgerError("导出时间的写法不对；应如 2026-11-22T09:15:00.123+08:00。")
    return _lines(entries, verified=verified, at=at, key=key)


def read_export(lines: Iterable[bytes], *, witnessed: Iterable[Head] = ()) -> Verified:
    """Verify an export, read as its lines (iterate over the file in binary).

    Raises:
        TamperError: It is not, byte for byte, what was exported.
    """
    reader = ExportReader(witnessed=witnessed)
    for line in lines:
        reader.feed(line)
    return reader.finish()


@dataclass(frozen=True, slots=True)
class _Header:
    """What the header promises will come."""

    entries: int
    keys: tuple[PublicKey, ...]


class ExportReader:
    """`read_export`, one line at a time; a line that is refused changes nothing."""

    def __init__(self, *, witnessed: Iterable[Head] = ()) -> None:
        """Begin before the header, with the heads that must be met.

        Raises:
            TamperError: A head is not signed, or two contradict each other.
        """
        self._verifier = Verifier(witnessed=witnessed)
        self._total = hashlib.sha256()
        self._count = 0
        self._header: _Header | None = None
        self._closed = False

    def feed(self, line: bytes) -> None:
        """Check the next line, its line feed included.

        Raises:
            TamperError: It is not what must stand here.
        """
        if self._closed:
            raise self._refused("在收尾行之后，不应有")
        if len(line) > LONGEST_LINE:
            raise self._refused("太长，不是导出的记录")
        if self._header is None:
            self._header = self._read_header(line)
        elif line.startswith(b'{"algorithm":'):
            self._verifier.step(self._read_entry(line))
        else:
            self._check_trailer(line)
            self._closed = True
        self._total.update(line)
        self._count += 1

    def finish(self) -> Verified:
        """Check that the end was reached, and return what is proven.

        Raises:
            TamperError: The trailer is missing, or a witnessed head.
        """
        if not self._closed:
            raise TamperError(f"导出文件没有收尾行：文件不完整，末尾被截断。{_ADVICE}")
        return self._verifier.finish()

    def _read_entry(self, line: bytes) -> Entry:
        # The layout is canonical by pattern and ending, the statement by the
        # verifier; so nothing has to be parsed and written anew to compare.
        try:
            text = line.decode()
        except UnicodeDecodeError:
            raise self._refused("不是 UTF-8 文字") from None
        found = re.match(_ENTRY_BEGINS, text)
        if found is None or not text.endswith(_ENTRY_ENDS):
            raise self._refused("不是规范写法的一条记录")
        algorithm, digest, index, key, previous, signature = found.groups()
        return Entry(
            index=int(index),
            previous=previous,
            algorithm="sm3" if algorithm == "sm3" else "sha256",
            statement=text[found.end() : -len(_ENTRY_ENDS)],
            key=key,
            digest=digest,
            signature=signature,
        )

    def _read_header(self, line: bytes) -> _Header:
        said = self._read_line(line)
        keys = said.get("keys")
        entries = said.get("entries")
        sound = (
            said.keys() == {"at", "entries", "format", "keys", "type"}
            and (said["type"], said["format"]) == ("header", FORMAT)
            and is_stamp(said["at"])
        )
        if not sound or not isinstance(keys, list) or type(entries) is not int:
            raise self._refused(f"不是 {FORMAT} 的文件头")
        return _Header(entries, tuple(self._read_key(one) for one in keys))

    def _read_key(self, said: object) -> PublicKey:
        if isinstance(said, dict) and said.keys() == {"id", "public"}:
            with suppress(LedgerError):
                key = PublicKey(said["public"])
                if key.id == said["id"]:
                    return key
        raise self._refused("有公钥不可用，或与其编号不符")

    def _check_trailer(self, line: bytes) -> None:
        said = self._read_line(line)
        proven = self._verifier.proven
        if _Header(proven.entries, proven.keys) != self._header or not proven.keys:
            raise self._refused("之前的记录条数或密钥与文件头不符，有记录被删去")
        fields = _trailer_fields(proven, sha256=self._total.hexdigest())
        signature = said.get("signature")
        if line != _line({**fields, "signature": signature}):
            raise self._refused("（收尾行）与前面的内容不符，文件被改动")
        if not proven.keys[-1].signed(_trailer_message(fields), signature):
            raise self._refused("（收尾行）签名不符，不是本系统导出的")

    def _read_line(self, line: bytes) -> Mapping[str, object]:
        try:
            said = decode(line.decode())
        except ValueError:
            said = None
        if not isinstance(said, dict):
            raise self._refused("不是一个完整的 JSON 对象")
        if f"{encode(said)}\n".encode(errors="replace") != line:
            raise self._refused("不是规范写法")
        return said

    def _refused(self, what: str) -> TamperError:
        return TamperError(f"导出文件第 {self._count + 1} 行{what}。{_ADVICE}")


def _lines(
    entries: Iterable[Entry], *, verified: Verified, at: str, key: SigningKey
) -> Iterator[bytes]:
    total = hashlib.sha256()
    verifier = Verifier()
    line = _header_line(verified, at=at)
    total.update(line)
    yield line
    for entry in entries:
        verifier.step(entry)
        line = _entry_line(entry)
        total.update(line)
        yield line
    if verifier.finish() != verified:
        raise TamperError(
            "导出时记录链与刚才核验的不一致，导出作废；请重新核验后再导出。"
        )
    fields = _trailer_fields(verified, sha256=total.hexdigest())
    signature = key.sign(_trailer_message(fields))
    yield _line({**fields, "signature": signature})


def _header_line(verified: Verified, *, at: str) -> bytes:
    keys = [{"id": one.id, "public": one.hex} for one in verified.keys]
    header = {"type": "header", "format": FORMAT, "at": at}
    return _line({**header, "entries": verified.entries, "keys": keys})


def _entry_line(entry: Entry) -> bytes:
    fields = asdict(entry) | {"statement": decode(entry.statement)}
    return _line({"type": "entry", **fields})


def _line(fields: Mapping[str, object]) -> bytes:
    return f"{encode(fields)}\n".encode()


def _trailer_fields(verified: Verified, *, sha256: str) -> dict[str, object]:
    return {
        "type": "trailer",
        "entries": verified.entries,
        "head": verified.head,
        "key": verified.keys[-1].id,
        "sha256": sha256,
    }


def _trailer_message(fields: Mapping[str, object]) -> bytes:
    return f"{FORMAT} export {encode(fields)}".encode()
