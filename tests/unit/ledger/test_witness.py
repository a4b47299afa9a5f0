"""The witness file: what it holds, what a power cut leaves, who writes at once."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from review.errors import LedgerError, TamperError
from review.ledger.chain import Head, seal, sign_head
from review.ledger.entry import Entry, canonical
from review.ledger.keys import SigningKey
from review.ledger.witness import WitnessFile

_AT = "2026-11-22T09:15:00.123+08:00"
_KEY = SigningKey.generate()


def _chain(length: int, *, start: str = "甲") -> tuple[Entry, ...]:
    opened = {"kind": "ledger.opened", "data": {"key": _KEY.public_hex}}
    entries: list[Entry] = []
    for number in range(length):
        text = canonical(
            {"kind": "a", "data": f"{start}{number}"} if number else opened
        )
        last = entries[-1] if entries else None
        entries.append(seal(text, after=last, key=_KEY, algorithm="sha256"))
    return tuple(entries)


_HEADS = tuple(sign_head(one, at=_AT, key=_KEY) for one in _chain(6))
_OTHER = tuple(sign_head(one, at=_AT, key=_KEY) for one in _chain(6, start="乙"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "witness.jsonl"


def _filled(path: Path, *heads: Head) -> WitnessFile:
    witness = WitnessFile(path)
    for head in heads:
        assert witness.record(head)
    return witness


def test_what_was_recorded_is_read_back(path: Path) -> None:
    witness = _filled(path, _HEADS[0], _HEADS[2], _HEADS[3])
    assert witness.heads() == (_HEADS[0], _HEADS[2], _HEADS[3])
    assert witness.last() == _HEADS[3]
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_heads_come_one_by_one_and_those_written_since_do_not(path: Path) -> None:
    witness = _filled(path, _HEADS[0], _HEADS[2])
    along = witness.along()
    assert next(along) == _HEADS[0]
    assert witness.record(_HEADS[3])  # nobody is held up
    assert tuple(along) == (_HEADS[2],)
    assert tuple(witness.along()) == witness.heads()


def test_heads_come_from_an_entry_on_wherever_it_lies(path: Path) -> None:
    chain = _chain(90)
    heads = [sign_head(one, at=_AT, key=_KEY) for one in chain[::2]]
    witness = _filled(path, *heads)
    assert path.stat().st_size > 3 * 4096
    for over in range(-1, 91):
        expected = tuple(one for one in heads if one.index > over)
        assert tuple(witness.along(over=over)) == expected


def test_a_torn_line_is_no_head_and_a_line_without_its_end_is(path: Path) -> None:
    witness = _filled(path, _HEADS[0], _HEADS[1])
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    assert tuple(witness.along()) == _HEADS[:2]
    path.write_bytes(whole[:-40])
    assert tuple(witness.along()) == _HEADS[:1]
    path.write_bytes(whole.replace(b'"at"', b'"as"'))
    with pytest.raises(TamperError):
        tuple(witness.along())


def test_without_a_file_no_head_comes(path: Path) -> None:
    assert tuple(WitnessFile(path).along()) == ()


def test_every_missing_folder_is_made(tmp_path: Path) -> None:
    witness = _filled(tmp_path / "a" / "b" / "witness.jsonl", _HEADS[0])
    assert witness.heads() == (_HEADS[0],)


def test_a_head_that_stands_twice_says_nothing_new(path: Path) -> None:
    witness = _filled(path, _HEADS[0])
    path.write_bytes(path.read_bytes() * 2)
    assert witness.heads() == (_HEADS[0], _HEADS[0])


@pytest.mark.parametrize("data", [b"\n", b"}" + b"\0" * 4096])
def test_the_first_byte_of_all_is_read(path: Path, data: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(data)
    path.chmod(0o600)
    for read in (WitnessFile(path).heads, WitnessFile(path).last):
        with pytest.raises(TamperError, match="不成样子"):
            read()


def test_no_file_holds_no_heads(path: Path) -> None:
    assert WitnessFile(path).heads() == ()
    assert WitnessFile(path).last() is None
    assert not path.exists()


def test_an_empty_file_holds_no_heads(path: Path) -> None:
    path.parent.mkdir()
    path.touch(mode=0o600)
    witness = WitnessFile(path)
    assert (witness.heads(), witness.last()) == ((), None)
    assert witness.record(_HEADS[1])
    assert witness.heads() == (_HEADS[1],)


def test_the_same_and_an_earlier_head_add_nothing(path: Path) -> None:
    witness = _filled(path, _HEADS[1], _HEADS[3])
    before = path.read_bytes()
    assert not witness.record(_HEADS[3])
    assert not witness.record(_HEADS[2])
    assert path.read_bytes() == before


def test_a_second_digest_for_one_index_is_an_alarm(path: Path) -> None:
    witness = _filled(path, _HEADS[3])
    with pytest.raises(TamperError) as caught:
        witness.record(_OTHER[3])
    assert caught.value.message == (
        "序号 3 已经以另一个摘要见证过：记录链被改写，或数据库退回了旧版本。"
        "请停用本系统，保留现场并核对备份。"
    )
    assert witness.heads() == (_HEADS[3],)


def test_an_unsigned_head_is_not_recorded(path: Path) -> None:
    broken = Head(1, "0" * 64, _AT, _KEY.public_hex, _HEADS[1].signature)
    with pytest.raises(TamperError, match="签名不符"):
        WitnessFile(path).record(broken)
    assert not path.exists()


def test_a_torn_line_is_ignored_and_then_taken_off(path: Path) -> None:
    _filled(path, _HEADS[0], _HEADS[1])
    whole = path.read_bytes()
    first = whole.index(b"\n") + 1
    for length in (first, first + 1, first + 2, *range(first + 3, len(whole) - 1, 9)):
        path.write_bytes(whole[:length])
        witness = WitnessFile(path)
        assert witness.heads() == (_HEADS[0],)
        assert witness.last() == _HEADS[0]
        assert witness.record(_HEADS[2])
        assert witness.heads() == (_HEADS[0], _HEADS[2])


def test_a_head_that_lacks_only_its_line_feed_counts(path: Path) -> None:
    _filled(path, _HEADS[0], _HEADS[1])
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    witness = WitnessFile(path)
    assert witness.last() == _HEADS[1]
    assert witness.heads() == (_HEADS[0], _HEADS[1])
    assert not witness.record(_HEADS[1])
    assert path.read_bytes() == whole
    path.write_bytes(whole[:-1])
    assert witness.record(_HEADS[2])
    assert witness.heads() == _HEADS[:3]


def test_a_first_line_that_is_torn_leaves_nothing(path: Path) -> None:
    _filled(path, _HEADS[0])
    for rest in (path.read_bytes()[:50], b"\0" * 9000):
        path.write_bytes(rest)
        witness = WitnessFile(path)
        assert (witness.heads(), witness.last()) == ((), None)
        assert witness.record(_HEADS[1])
        assert witness.heads() == (_HEADS[1],)


def test_every_changed_bit_is_noticed(path: Path) -> None:
    witness = _filled(path, _HEADS[0])
    whole = path.read_bytes()
    with path.open("r+b", buffering=0) as file:
        for at in range(len(whole)):
            for bit in range(8):
                os.pwrite(file.fileno(), bytes([whole[at] ^ 1 << bit]), at)
                with pytest.raises(TamperError):
                    witness.last()
            os.pwrite(file.fileno(), whole[at : at + 1], at)
    assert witness.heads() == (_HEADS[0],)


def test_a_changed_bit_before_the_last_line_is_noticed(path: Path) -> None:
    witness = _filled(path, _HEADS[0], _HEADS[1])
    whole = path.read_bytes()
    for at in range(whole.index(b"\n") + 1):
        changed = bytearray(whole)
        changed[at] ^= 1 << at % 8
        path.write_bytes(changed)
        with pytest.raises(TamperError):
            witness.heads()


@pytest.mark.parametrize("line", [b"", b"{}", b"null", b"\xff", b'{"index":1}', b"\0"])
def test_a_last_line_that_is_no_head_is_noticed(path: Path, line: bytes) -> None:
    witness = _filled(path, _HEADS[0])
    path.write_bytes(path.read_bytes() + line + b"\n")
    for read in (witness.heads, witness.last, lambda: witness.record(_HEADS[2])):
        with pytest.raises(TamperError) as caught:
            read()
        assert caught.value.message == (
            "见证文件里有不成样子的一行，文件被改动或已损坏。"
            "请停用本系统，从备份中恢复见证文件并核对。"
        )


def test_a_head_that_is_spelled_otherwise_is_noticed(path: Path) -> None:
    witness = _filled(path, _HEADS[0], _HEADS[1])
    path.write_bytes(path.read_bytes().replace(b'{"at":', b'{"at": '))
    with pytest.raises(TamperError, match="不成样子"):
        witness.heads()


def test_heads_that_go_back_are_noticed(path: Path) -> None:
    witness = _filled(path, _HEADS[0], _HEADS[1])
    first, second = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(second + first)
    with pytest.raises(TamperError) as caught:
        witness.heads()
    assert caught.value.message == (
        "见证文件里序号 0 排在 1 之后，文件被改动。"
        "请停用本系统，从备份中恢复见证文件并核对。"
    )
    other = json.dumps(
        {name: getattr(_OTHER[1], name) for name in Head.__dataclass_fields__},
        sort_keys=True,
        separators=(",", ":"),
    )
    path.write_bytes(first + second + other.encode() + b"\n")
    with pytest.raises(TamperError, match="另一个摘要"):
        witness.heads()


def test_the_last_head_is_read_without_the_rest(path: Path) -> None:
    _filled(path, _HEADS[0], _HEADS[1])
    lines = path.read_bytes()
    with path.open("wb") as file:
        file.truncate(2**40)  # a terabyte of nothing, not written to the disk
        file.seek(0, os.SEEK_END)
        file.write(b"\n" + lines)
    assert WitnessFile(path).last() == _HEADS[1]
    assert WitnessFile(path).record(_HEADS[2])
    assert WitnessFile(path).last() == _HEADS[2]


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_file_that_others_may_write_is_refused(path: Path, mode: int) -> None:
    witness = _filled(path, _HEADS[0])
    path.chmod(mode)
    for use in (witness.heads, witness.last, lambda: witness.record(_HEADS[1])):
        with pytest.raises(LedgerError, match="chmod 600"):
            use()


def test_a_link_and_a_folder_are_refused(path: Path, tmp_path: Path) -> None:
    real = tmp_path / "elsewhere.jsonl"
    _filled(real, _HEADS[0])
    path.parent.mkdir()
    path.symlink_to(real)
    with pytest.raises(LedgerError, match="读写失败"):
        WitnessFile(path).last()
    path.unlink()
    path.symlink_to(tmp_path / "nowhere")
    with pytest.raises(LedgerError, match="读写失败"):
        WitnessFile(path).heads()
    with pytest.raises(LedgerError, match="读写失败"):
        WitnessFile(tmp_path).record(_HEADS[0])
    below_a_file = WitnessFile(real / "keys" / "witness.jsonl")
    with pytest.raises(LedgerError) as caught:
        below_a_file.record(_HEADS[0])
    assert caught.value.message == (
        f"见证文件的文件夹 {real / 'keys'} 建不了（{os.strerror(errno.ENOTDIR)}）；"
        "请检查路径和权限。"
    )
    with pytest.raises(LedgerError, match="读写失败"):
        below_a_file.last()


_WRITER = """
import sys
from pathlib import Path
from review.ledger.chain import Head
from review.ledger.witness import WitnessFile

witness = WitnessFile(Path(sys.argv[1]))
print("ready", flush=True)
for line in sys.stdin:
    index, digest, at, key, signature = line.split()
    new = witness.record(Head(int(index), digest, at, key, signature))
    print(index if new else "-")
"""


def test_writers_of_several_processes_do_not_disturb_each_other(path: Path) -> None:
    heads = [sign_head(one, at=_AT, key=_KEY) for one in _chain(160)]
    writers = [
        subprocess.Popen(  # noqa: S603 - this very interpreter, on the script above
            [sys.executable, "-c", _WRITER, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    for number, writer in enumerate(writers):  # all are ready: now at once
        assert writer.stdin is not None
        for one in heads[number::4]:
            fields = (one.index, one.digest, one.at, one.key, one.signature)
            writer.stdin.write(" ".join(map(str, fields)) + "\n")
        writer.stdin.flush()
    said = [writer.communicate()[0].split() for writer in writers]

    assert [writer.returncode for writer in writers] == [0] * 4
    new = sorted(int(index) for part in said for index in part if index != "-")
    kept = WitnessFile(path).heads()
    assert [one.index for one in kept] == new
    assert kept == tuple(heads[index] for index in new)
    assert kept[-1] == heads[-1]
