"""One entry of the ledger, its canonical statement, and how it is digested.

A statement is canonical JSON: an object with sorted keys, without spaces,
every character as itself (UTF-8), and in it only text, whole numbers, true,
false, null, lists and objects. One value has one text, so a digest over the
text is a digest over the value.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from json import JSONDecoder, JSONEncoder
from typing import Any, Literal, NoReturn, TypeAlias, cast

from cryptography.hazmat.primitives.hashes import SM3, Hash

from review.errors import LedgerError

FORMAT = "xianshen-ledger/1"
GENESIS = "0" * 64
LARGEST_NUMBER = 2**53 - 1  # beyond it, other languages read another number
DEEPEST = 64
LONGEST_STATEMENT = 4 * 2**20  # bytes; an export's lines must fit into memory

Algorithm: TypeAlias = Literal["sha256", "sm3"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One sealed statement in its place.

    `index` counts from 0; `previous` and `digest` are 64, `signature` 128 lower
    hexadecimal digits; `key` is the id of the key that signed.
    """

    index: int
    previous: str
    algorithm: Algorithm
    statement: str
    key: str
    digest: str
    signature: str


def digest_of(
    statement: str, *, index: int, previous: str, algorithm: Algorithm, key: str
) -> str:
    """Return the digest that binds a statement to its place and its key.

    Over `xianshen-ledger/1`, algorithm, index, the digest before, key id, each
    ended by a line feed, and then the statement; UTF-8.
    """
    head = f"{FORMAT}\n{algorithm}\n{index}\n{previous}\n{key}\n"
    return _DIGESTS[algorithm]((head + statement).encode())


def entry_message(digest: str) -> bytes:
    """Return what the signature of an entry with this digest is made over."""
    return f"{FORMAT} entry {digest}".encode("ascii")


def is_whole(entry: Entry) -> bool:
    """Tell whether an entry's digest is that of what it says, in its place."""
    try:
        anew = digest_of(
            entry.statement,
            index=entry.index,
            previous=entry.previous,
            algorithm=entry.algorithm,
            key=entry.key,
        )
    except UnicodeEncodeError:  # half a surrogate pair: nothing that was ever sealed
        return False
    return entry.digest == anew


def canonical(value: object) -> str:
    """Return the one canonical text of `value`.

    Raises:
        LedgerError: Something in it has no canonical text: a number with a
            fraction or beyond 2⁵³-1, a key that is no text, half a surrogate
            pair, an unknown type, or nesting beyond 64 levels.
    """
    _check(value, depth=1)
    text = _ENCODER.encode(value)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise LedgerError(
            "记录内容里有不成对的代理字符，无法写成 UTF-8；请改正来源文字后重试。"
        ) from None
    return text


def is_canonical(text: str) -> bool:
    """Say whether `text` is the canonical text of what it says.

    Writing it anew must give the same characters. That alone rules out
    repeated keys, spaces, other orders and other escapes.
    """
    try:
        return encode(decode(text)) == text and bool(text.encode())
    except ValueError:
        return False


def decode(text: str) -> object:
    """Read JSON that holds nothing but what may stand in a statement.

    It need not be canonical yet.

    Raises:
        ValueError: It is no JSON, or holds fractions, numbers that are too
            large, or too many levels.
    """
    try:
        value = cast("object", _DECODER.decode(text))
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if text.count("{") + text.count("[") > DEEPEST:  # else it cannot be too deep
        try:
            _check(value, depth=1)
        except LedgerError as error:
            raise ValueError(error.message) from None
    return value


def encode(value: object) -> str:
    """Write what `decode` has read, canonically; it is not checked again."""
    return _ENCODER.encode(value)


def read_statement(text: str) -> Mapping[str, object]:
    """Return what a canonical statement says: an object with a `kind`.

    Raises:
        LedgerError: It is not canonical, not such an object, or too long.
    """
    try:
        value = decode(text)
        size = len(text.encode())
    except ValueError:
        value, size = None, 0
    if size == 0 or encode(value) != text:
        raise LedgerError("记录内容不是规范写法；请先用规范的 JSON 文本再入链。")
    if size > LONGEST_STATEMENT:
        raise LedgerError(
            f"一条记录的内容超过 {LONGEST_STATEMENT // 2**20} MiB，不能入链；请改为只记摘要。"
        )
    if not isinstance(value, dict) or not isinstance(value.get("kind"), str):
        raise LedgerError("记录内容应是带 kind 的对象；请检查写入记录的程序。")
    return value


def is_hex(text: object, digits: int) -> bool:
    """Say whether `text` is exactly so many lower hexadecimal digits."""
    return (
        isinstance(text, str)
        and len(text) == digits
        and re.fullmatch(r"[0-9a-f]*", text) is not None
    )


def is_stamp(text: object) -> bool:
    """Say whether `text` is a point in time such as 2026-11-22T09:15:00.123+08:00."""
    return isinstance(text, str) and (
        re.fullmatch(
            r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}\+08:00",
            text,
        )
        is not None
    )


def _check(value: object, *, depth: int) -> None:
    # Exact types: an enumeration's member or a numpy number would be written
    # as something else than what is read back.
    inner: list[object] = []
    if type(value) is dict:
        if not all(type(key) is str for key in value):
            raise LedgerError("记录内容的键必须是文字；请检查写入记录的程序。")
        inner = [*value.values()]
    elif type(value) is list:
        inner = value
    elif type(value) is int:
        _check_number(value)
    elif value is not None and type(value) not in (str, bool):
        raise LedgerError(
            f"记录内容里不能有 {type(value).__name__} 类型的值（小数等没有唯一写法）；"
            "只能用文字、整数、真假、空值、列表和对象。"
        )
    if depth > DEEPEST and type(value) in (dict, list):
        raise LedgerError(f"记录内容嵌套超过 {DEEPEST} 层；请改用平铺的写法。")
    for one in inner:
        _check(one, depth=depth + 1)


def _check_number(value: int) -> None:
    if abs(value) > LARGEST_NUMBER:
        raise LedgerError("记录内容里的整数超出 2⁵³-1，别的程序会读错；请改记为文字。")


def _whole_number(digits: str) -> int:
    if len(digits) > len(f"-{LARGEST_NUMBER}") or abs(int(digits)) > LARGEST_NUMBER:
        raise ValueError("number too large")
    return int(digits)


def _refuse(_: str) -> NoReturn:
    raise ValueError("not a whole number")


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _sm3(data: bytes) -> str:
    total = Hash(SM3())  # GB/T 32905; hashlib has it only where OpenSSL lets it
    total.update(data)
    return total.finalize().hex()


_DIGESTS: Mapping[str, Callable[[bytes], str]] = {"sha256": _sha256, "sm3": _sm3}
# Made once: json.loads and json.dumps with settings make a new one each time.
_ENCODER = JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
)
_DECODER: json.JSONDecoder = JSONDecoder(
    parse_float=cast("Any", _refuse),
    parse_int=_whole_number,
    parse_constant=cast("Any", _refuse),
)
