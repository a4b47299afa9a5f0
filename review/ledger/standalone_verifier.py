"""Verify an exported decision record with nothing but Python 3.8 or newer.

    python3 verify_ledger.py EXPORT.jsonl [--key PUBLIC_HEX] [--head DIGEST]

Nothing of the program that wrote the export is needed: Ed25519, SM3 and the
law of the chain stand here anew. Exit: 0 intact, 1 tampered with, 2 usage.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # not run, so Python 3.8 need not understand it
    from typing import Any, BinaryIO, TypeAlias

    Point: TypeAlias = tuple[int, int, int, int]

FORMAT = "xianshen-ledger/1"
ALL_SIGNATURES_UP_TO = 2000  # entries; beyond, the last of each key carries the rest
LARGEST_NUMBER = 2**53 - 1
DEEPEST = 64
LONGEST_STATEMENT = 4 * 2**20
LONGEST_LINE = LONGEST_STATEMENT + 4096
_HEADER = "at entries format keys type"
_ENTRY = "algorithm digest index key previous signature statement type"
_STAMP = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}\+08:00"
_HEX = "0123456789abcdef"
_WORD = 0xFFFFFFFF
_START = "7380166f4914b2b9172442d7da8a0600a96f30bc163138aae38dee4db0fb0e4e"
_USAGE = """用法：python3 verify_ledger.py 导出文件.jsonl [--key 公钥] [--head 链头摘要]
  --key   审查表上印的公钥（64 位）或密钥指纹（16 位），十六进制
  --head  审查表上印的链头摘要（64 位），十六进制"""
_CARRIED = "是每把密钥的最后一条；每条都含前一条的摘要，其余由链条本身保证"
_UNPROVEN = (
    "注意：文件里自带的密钥只能证明文件前后一致。要证明它是本单位的记录，"
    "请用 --key 和 --head 与审查表上印的密钥、链头摘要比对。"
)


class BrokenError(Exception):
    """Say in Chinese where the export is not what was once sealed."""


def sm3(data: bytes) -> str:
    """Return the SM3 digest (GB/T 32905-2016) as 64 hexadecimal digits."""
    padded = data + b"\x80" + bytes(-(len(data) + 9) % 64)
    padded += (8 * len(data)).to_bytes(8, "big")
    state = [int(_START[at : at + 8], 16) for at in range(0, 64, 8)]
    for start in range(0, len(padded), 64):
        words = _expanded(padded[start : start + 64])
        turned = _compressed(words, state)
        state = [old ^ turned[at] for at, old in enumerate(state)]
    return "".join(f"{word:08x}" for word in state)


def _left(word: int, by: int) -> int:
    return (word << by | word >> (32 - by)) & _WORD


def _expanded(block: bytes) -> list[int]:
    words = [int.from_bytes(block[at : at + 4], "big") for at in range(0, 64, 4)]
    for at in range(16, 68):
        mixed = words[at - 16] ^ words[at - 9] ^ _left(words[at - 3], 15)
        mixed ^= _left(mixed, 15) ^ _left(mixed, 23)
        words.append(mixed ^ _left(words[at - 13], 7) ^ words[at - 6])
    return words


def _compressed(words: list[int], state: list[int]) -> list[int]:
    a, b, c, d, e, f, g, h = state
    for turn in range(64):
        early = turn <= 15  # noqa: PLR2004 - the standard's own number of a turn
        constant = _left(0x79CC4519 if early else 0x7A879D8A, turn % 32)
        first = _left((_left(a, 12) + e + constant) & _WORD, 7)
        second = first ^ _left(a, 12)
        mix_a = a ^ b ^ c if early else (a & b) | (a & c) | (b & c)
        mix_e = e ^ f ^ g if early else (e & f) | (~e & g)
        new_a = (mix_a + d + second + (words[turn] ^ words[turn + 4])) & _WORD
        new_e = (mix_e + h + first + words[turn]) & _WORD
        a, b, c, d = new_a, a, _left(b, 9), c
        e, f, g, h = new_e ^ _left(new_e, 9) ^ _left(new_e, 17), e, _left(f, 19), g
    return [a, b, c, d, e, f, g, h]


# A point is (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z; the second operand of
# an addition is (Y-X, Y+X, 2dT, 2Z), worked out once for what stands in a table.

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT_OF_MINUS_1 = pow(2, (_P - 1) // 4, _P)
_NEUTRAL = (0, 1, 1, 0)


def _ready(point: Point) -> Point:
    x, y, z, t = point
    return (y - x) % _P, (y + x) % _P, 2 * _D * t % _P, 2 * z % _P


def _add(one: Point, ready: Point) -> Point:
    x, y, z, t = one
    a = (y - x) * ready[0] % _P
    b = (y + x) * ready[1] % _P
    c = t * ready[2] % _P
    d = z * ready[3] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _point(encoded: bytes) -> Point:
    """Decode a point; refuse heights beyond the prime and points off the curve."""
    number = int.from_bytes(encoded, "little")
    y, odd = number & ~(1 << 255), number >> 255
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if x * x % _P != square:
        x = x * _ROOT_OF_MINUS_1 % _P
    if y >= _P or x * x % _P != square or (x == 0 and odd):
        raise ValueError("no point of the curve")
    x = _P - x if x & 1 != odd else x
    return x, y, 1, x * y % _P


def _encoded(point: Point) -> bytes:
    inverse = pow(point[2], _P - 2, _P)
    x, y = point[0] * inverse % _P, point[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _table(point: Point) -> list[list[Point]]:
    """Return for each of 64 digits to base 16 its 16 multiples of `point`.

    One key signs thousands of entries: so a signature costs 128 additions, no
    doubling, and both halves of its equation share one running sum.
    """
    rows = []
    for _ in range(64):
        ready, multiple, row = _ready(point), _NEUTRAL, [_ready(_NEUTRAL)]
        for _ in range(15):
            multiple = _add(multiple, ready)
            row.append(_ready(multiple))
        rows.append(row)
        point = _add(multiple, ready)
    return rows


@lru_cache(maxsize=1)
def _base() -> list[list[Point]]:
    return _table(_point((4 * pow(5, _P - 2, _P) % _P).to_bytes(32, "little")))


class Key:
    """A public key, ready to check many signatures."""

    def __init__(self, public: str) -> None:
        """Decode the key; a ValueError says that it is none, or a weak one."""
        if not _is_hex(public, 64):
            raise ValueError("not 64 lower hexadecimal digits")
        self.public, self.raw = public, bytes.fromhex(public)
        self.id = hashlib.sha256(self.raw).hexdigest()[:16]
        x, y, z, t = small = _point(self.raw)
        for _ in range(3):
            small = _add(small, _ready(small))
        if small[0] == 0:
            raise ValueError("a point of small order: anybody could sign")
        self._minus = _table((_P - x, y, z, _P - t))

    def signed(self, message: bytes, signature: object) -> bool:
        """Say whether the signature (128 lower hexadecimal digits) is this key's.

        [S]B - [k]A must encode to R itself: no second spelling of R, and no S
        beyond the order.
        """
        raw = bytes.fromhex(str(signature)) if _is_hex(signature, 128) else b""
        s = int.from_bytes(raw[32:], "little")
        if not raw or s >= _L:
            return False
        hashed = hashlib.sha512(raw[:32] + self.raw + message).digest()
        k = int.from_bytes(hashed, "little") % _L
        total = _NEUTRAL
        for at, row in enumerate(_base()):
            total = _add(total, row[s >> 4 * at & 15])
            total = _add(total, self._minus[at][k >> 4 * at & 15])
        return _encoded(total) == raw[:32]


def _is_hex(text: object, *lengths: int) -> bool:
    return isinstance(text, str) and len(text) in lengths and not text.strip(_HEX)


def _canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _whole_number(digits: str) -> int:
    number = int(digits[:20])  # enough to see a fraction, or that it is too large
    if abs(number) > LARGEST_NUMBER:
        raise ValueError("number too large")
    return number


def _depth(value: object) -> int:
    inner = list(value.values()) if isinstance(value, dict) else value
    return 1 + max(map(_depth, inner), default=0) if isinstance(inner, list) else 0


def _parsed(line: bytes) -> dict[str, Any]:
    """Read one line, which must be an object written canonically."""
    whole = _whole_number
    try:
        said = json.loads(
            line.decode(), parse_int=whole, parse_float=whole, parse_constant=whole
        )
        same = (_canonical(said) + "\n").encode() == line and len(line) <= LONGEST_LINE
        if isinstance(said, dict) and same and _depth(said) <= DEEPEST + 1:
            return said
    except (ValueError, RecursionError):
        pass
    raise BrokenError("不是规范写法的一行（被改动，或不完整）")


class Checker:
    """What is proven so far; `feed` takes the next line."""

    def __init__(self, wanted: str = "") -> None:
        """Begin before the header; look out for the `wanted` digest."""
        self.header: dict[str, Any] = {}
        self.keys: list[Key] = []
        self.count = self.checked = self._lines = 0
        self.head = "0" * 64
        self.times: list[str] = []
        self.wanted, self.found_at, self.closed = wanted, -1, False
        self._total = hashlib.sha256()

    def feed(self, line: bytes) -> None:
        """Check the next line; a BrokenError names it."""
        self._lines += 1
        try:
            self._read(_parsed(line))
        except BrokenError as error:
            raise BrokenError(f"第 {self._lines} 行：{error}") from None
        self._total.update(line)

    def _read(self, said: dict[str, Any]) -> None:
        if self.closed:
            raise BrokenError("收尾行之后不应再有内容")
        if not self.header:
            self._read_header(said)
        elif said.get("type") == "entry":
            self._read_entry(said)
        else:
            self._read_trailer(said)

    def _read_header(self, said: dict[str, Any]) -> None:
        if (
            [*said] != _HEADER.split()  # sorted, since the line is canonical
            or (said["type"], said["format"]) != ("header", FORMAT)
            or not re.fullmatch(_STAMP, str(said["at"]))
            or type(said["entries"]) is not int
        ):
            raise BrokenError(f"不是 {FORMAT} 的文件头")
        self.header = said

    def _read_entry(self, said: dict[str, Any]) -> None:
        if [*said] != _ENTRY.split():
            raise BrokenError("不是一条记录")
        index, statement = said["index"], said["statement"]
        if type(index) is not int or index != self.count:
            raise BrokenError(f"序号不连，应为 {self.count}：有记录被删、插入或调换")
        if said["previous"] != self.head:
            raise BrokenError(f"序号 {index} 与上一条断开")
        if _digest(said) != said["digest"]:
            raise BrokenError(f"序号 {index} 的内容与摘要不符，已被改动")
        kind = statement.get("kind") if isinstance(statement, dict) else None
        if not isinstance(kind, str) or (kind == "ledger.opened") != (index == 0):
            raise BrokenError(f"序号 {index} 的内容不成样子，或开链记录缺失、多余")
        if index == 0:
            self.keys = [_named_key(statement)]
        self._check_signature(said)
        if kind == "ledger.key_changed":
            self.keys.append(_named_key(statement))
        self.head, self.count = said["digest"], index + 1
        self.found_at = index if self.head == self.wanted else self.found_at
        at = str(statement.get("at"))
        self.times = [*self.times[:1], at if re.fullmatch(_STAMP, at) else "未记"]

    def _check_signature(self, said: dict[str, Any]) -> None:
        key, index, entries = self.keys[-1], said["index"], self.header["entries"]
        if said["key"] != key.id:
            raise BrokenError(f"序号 {index} 不是由当时启用的密钥签署的")
        if not _is_hex(said["signature"], 128):
            raise BrokenError(f"序号 {index} 的签名不成样子")
        ends_a_turn = said["statement"]["kind"] == "ledger.key_changed"
        if entries <= ALL_SIGNATURES_UP_TO or ends_a_turn or index == entries - 1:
            message = f"{FORMAT} entry {said['digest']}".encode("ascii")
            if not key.signed(message, said["signature"]):
                raise BrokenError(f"序号 {index} 的签名不符")
            self.checked += 1

    def _read_trailer(self, said: dict[str, Any]) -> None:
        keys = [{"id": one.id, "public": one.public} for one in self.keys]
        told = (self.header["entries"], self.header["keys"])
        if not keys or told != (self.count, keys):
            raise BrokenError("记录条数或密钥与文件头不符，有记录被删去")
        expected = {"type": "trailer", "head": self.head, "key": keys[-1]["id"]}
        expected["sha256"] = self._total.hexdigest()
        text = _canonical({**expected, "entries": self.count})
        signature = said.pop("signature", None)
        if _canonical(said) != text:
            raise BrokenError("收尾行与前面的内容不符，文件被改动")
        if not self.keys[-1].signed(f"{FORMAT} export {text}".encode(), signature):
            raise BrokenError("收尾行的签名不符")
        self.closed = True


def _digest(said: dict[str, Any]) -> str:
    """Work the digest out anew; empty where there cannot be one."""
    algorithm, statement = said["algorithm"], _canonical(said["statement"]).encode()
    place = f"{algorithm}\n{said['index']}\n{said['previous']}\n{said['key']}\n"
    data = f"{FORMAT}\n{place}".encode() + statement
    if len(statement) > LONGEST_STATEMENT or algorithm not in ("sha256", "sm3"):
        return ""
    return sm3(data) if algorithm == "sm3" else hashlib.sha256(data).hexdigest()


def _named_key(statement: dict[str, Any]) -> Key:
    data = statement.get("data")
    try:
        return Key(str(data.get("key")) if isinstance(data, dict) else "")
    except ValueError:
        raise BrokenError("记录里没有可用的公钥（data.key）") from None


def verify(file: BinaryIO, wanted: str = "") -> Checker:
    """Check an export that is open in binary; a BrokenError says what is wrong."""
    checker = Checker(wanted)
    for line in iter(lambda: file.readline(LONGEST_LINE + 1), b""):
        checker.feed(line)
    if not checker.closed:
        raise BrokenError("没有收尾行：文件不完整，末尾被截断")
    return checker


def main(words: list[str]) -> int:
    """Check one export, say in Chinese what came of it, return the exit status."""
    asked = {"--key": "", "--head": ""}
    rest = iter(words)
    files = []
    for word in rest:
        if word in asked:
            asked[word] = next(rest, "").strip().lower() or "?"
        else:
            files.append(word)
    key, head = asked["--key"], asked["--head"]
    if len(files) != 1 or not _is_hex(key, 0, 16, 64) or not _is_hex(head, 0, 64):
        return _say(_USAGE, status=2)
    try:
        with Path(files[0]).open("rb") as file:
            checker = verify(file, head)
    except OSError as error:
        return _say(f"文件打不开：{error.strerror}。\n{_USAGE}", status=2)
    except BrokenError as error:
        _say(f"已被改动或不完整：{error}。")
        return _say("请勿采信此文件；留好它，与另一份存档和纸质审查表核对。", status=1)
    return _report(checker, key=key, head=head)


def _report(checker: Checker, *, key: str, head: str) -> int:
    _say(f"记录条数：{checker.count}（导出时间 {checker.header['at']}）")
    _say(f"起止时间：{checker.times[0]} 至 {checker.times[-1]}")
    _say(f"链头摘要：{checker.head}")
    for one in checker.keys:
        _say(f"密钥指纹：{one.id}（公钥 {one.public}）")
    whole = "全部核对" if checker.checked == checker.count else _CARRIED
    _say(f"签名核对：{checker.checked} 条，{whole}")
    if key and not any(key in (one.id, one.public) for one in checker.keys):
        return _say("不符：没有审查表上印的密钥，不是同一条记录链。", status=1)
    if head and checker.found_at < 0:
        return _say("不符：没有审查表上印的链头摘要，记录被改写或截断。", status=1)
    if head:
        _say(f"相符：审查表上印的链头就是序号 {checker.found_at} 的记录。")
    _say("相符：审查表上印的密钥签署了这条记录链。" if key else _UNPROVEN)
    return _say("完好：记录链和导出文件没有被改动。")


def _say(text: str, *, status: int = 0) -> int:
    encoding = sys.stdout.encoding or "utf-8"  # some terminals lack some characters
    known = text.encode(encoding, "replace").decode(encoding)
    print(known)  # noqa: T201 - a command line has nothing but its output
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
