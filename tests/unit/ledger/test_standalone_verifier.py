"""The one-file verifier: its own arithmetic, and its command line."""

import hashlib
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.hashes import SM3, Hash

from review.errors import LedgerError
from review.ledger import standalone_verifier as alone
from review.ledger.chain import seal, verify
from review.ledger.entry import Entry, canonical
from review.ledger.export import export
from review.ledger.keys import PublicKey, SigningKey

_AT = "2026-11-22T09:15:00.123+08:00"
_KEY = SigningKey.generate()
_NEXT = SigningKey.generate()
_SCRIPT = Path(alone.__file__)


@pytest.mark.parametrize(
    ("data", "digest"),
    [  # GB/T 32905-2016, A.1 and A.2
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (
            b"abcd" * 16,
            "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
        ),
    ],
)
def test_sm3_gives_the_standards_examples(data: bytes, digest: str) -> None:
    assert alone.sm3(data) == digest


def test_sm3_pads_every_length_rightly() -> None:
    for length in range(200):
        data = bytes(at % 256 for at in range(length))
        total = Hash(SM3())
        total.update(data)
        assert alone.sm3(data) == total.finalize().hex()


_RFC_8032 = [  # 7.1, tests 1 to 3: public key, message, signature (in halves)
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155",
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da",
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac",
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("public", "message", "r", "s"), _RFC_8032)
def test_ed25519_gives_the_standards_examples(
    public: str, message: str, r: str, s: str
) -> None:
    for key in (alone.Key(public), PublicKey(public)):
        assert key.signed(bytes.fromhex(message), r + s)
        assert not key.signed(bytes.fromhex(message) + b"a", r + s)
    assert alone.Key(public).id == PublicKey(public).id


def test_s_beyond_the_order_is_refused() -> None:
    order = 2**252 + 27742317777372353535851937790883648493
    key = alone.Key(_KEY.public_hex)
    signature = _KEY.sign(b"a")
    s = int.from_bytes(bytes.fromhex(signature[64:]), "little")
    assert key.signed(b"a", signature)
    again = signature[:64] + (s + order).to_bytes(32, "little").hex()
    assert not key.signed(b"a", again)
    assert not key.signed(b"a", signature.upper() + " ")


def _small_order_points() -> set[bytes]:
    """Return the eight points of small order: the order's multiples of others."""
    order = 2**252 + 27742317777372353535851937790883648493
    found: set[bytes] = set()
    height = 2
    while len(found) < 8:
        height += 1
        try:
            ready = alone._ready(alone._point(height.to_bytes(32, "little")))
        except ValueError:
            continue
        total = alone._NEUTRAL
        for digit in f"{order:b}":
            total = alone._add(total, alone._ready(total))
            total = alone._add(total, ready) if digit == "1" else total
        found.add(alone._encoded(total))
    return found


def test_both_verifiers_refuse_the_same_keys() -> None:
    prime = 2**255 - 19
    heights = (0, 1, prime - 1, *range(prime, 2**255))
    weak = {
        (height | sign).to_bytes(32, "little")
        for height in heights
        for sign in (0, 1 << 255)
    }
    for public in weak | _small_order_points():
        with pytest.raises(ValueError, match="point"):
            alone.Key(public.hex())
        with pytest.raises(LedgerError):
            PublicKey(public.hex())
    for text in ("", "ab", "A" * 64, "02" + "00" * 31):  # the last is off the curve
        with pytest.raises(ValueError, match=r"digits|point"):
            alone.Key(text)


def _entries(*, length: int = 4) -> tuple[Entry, ...]:
    opened = {"kind": "ledger.opened", "at": _AT, "data": {"key": _KEY.public_hex}}
    changed = {"kind": "ledger.key_changed", "data": {"key": _NEXT.public_hex}}
    entries = [seal(canonical(opened), after=None, key=_KEY, algorithm="sha256")]
    for number in range(1, length):
        said = changed if number == 2 else {"kind": "a", "at": _AT, "data": number}
        entries.append(
            seal(
                canonical(said),
                after=entries[-1],
                key=_KEY if number <= 2 else _NEXT,
                algorithm="sm3" if number == 1 else "sha256",
            )
        )
    return tuple(entries)


_CHAIN = _entries()


def _exported(entries: tuple[Entry, ...]) -> bytes:
    proven = verify(entries)
    return b"".join(export(entries, verified=proven, at=_AT, key=_NEXT))


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    path = tmp_path / "记录.jsonl"
    path.write_bytes(_exported(_CHAIN))
    return path


def _run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str]:
    status = alone.main([str(word) for word in words])
    return status, capsys.readouterr().out


def test_an_intact_export_is_described(
    exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, said = _run(capsys, exported)
    assert status == 0
    for words in (
        f"记录条数：4（导出时间 {_AT}）",
        f"起止时间：{_AT} 至 {_AT}",
        f"链头摘要：{_CHAIN[-1].digest}",
        f"密钥指纹：{_KEY.id}（公钥 {_KEY.public_hex}）",
        f"密钥指纹：{_NEXT.id}",
        "签名核对：4 条，全部核对",
        "只能证明文件前后一致",
        "完好",
    ):
        assert words in said


def test_it_runs_alone_with_nothing_installed(exported: Path, tmp_path: Path) -> None:
    copy = tmp_path / "verify_ledger.py"
    copy.write_bytes(_SCRIPT.read_bytes())
    done = subprocess.run(  # noqa: S603 - this very interpreter, on a copy of the file
        [sys.executable, "-I", "-S", str(copy), str(exported), "--key", _NEXT.id],
        check=False,
        capture_output=True,
        cwd=tmp_path,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert "完好".encode() in done.stdout


def test_it_needs_nothing_but_the_standard_library() -> None:
    source = _SCRIPT.read_text("utf-8")
    imported = {
        line.split()[1]
        for line in source.splitlines()
        if line.startswith(("import ", "from "))
    }
    known = {"__future__", "functools", "hashlib", "json", "pathlib", "re", "sys"}
    assert imported == known | {"typing"}


def test_the_printed_key_and_head_are_compared(
    exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for key in (_KEY.public_hex, _NEXT.public_hex.upper(), _KEY.id):
        status, said = _run(capsys, "--key", key, exported)
        assert (status, "印的密钥签署了" in said) == (0, True)
    head = _CHAIN[1].digest
    status, said = _run(capsys, exported, "--head", f" {head.upper()}")
    assert (status, "序号 1 的记录" in said) == (0, True)
    status, said = _run(capsys, exported, "--head", "0" * 64)
    assert (status, "没有审查表上印的链头" in said, "完好" in said) == (1, True, False)
    status, said = _run(capsys, exported, "--key", SigningKey.generate().public_hex)
    assert (status, "没有审查表上印的密钥" in said, "完好" in said) == (1, True, False)


def test_a_change_is_named_by_its_line(
    exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exported.write_bytes(exported.read_bytes().replace(b'"data":3', b'"data":4'))
    status, said = _run(capsys, exported)
    assert (status, "第 5 行：序号 3 的内容与摘要不符" in said) == (1, True)
    exported.write_bytes(b"")
    status, said = _run(capsys, exported)
    assert (status, "没有收尾行" in said) == (1, True)


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["a", "b"],
        ["{}", "--key"],
        ["{}", "--key", ""],
        ["{}", "--key", "ab"],
        ["{}", "--head", "0" * 63],
        ["{}", "--head", "g" * 64],
        ["{}", "--all"],
        ["{}.missing"],
        ["{}/.."],
    ],
)
def test_wrong_usage_is_explained(
    words: list[str], exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, said = _run(capsys, *(word.replace("{}", str(exported)) for word in words))
    assert (status, "用法：python3 verify_ledger.py" in said) == (2, True)


def test_words_that_the_terminal_lacks_do_not_stop_it(exported: Path) -> None:
    done = subprocess.run(  # noqa: S603 - this very interpreter, on the script itself
        [sys.executable, str(_SCRIPT), str(exported)],
        check=False,
        capture_output=True,
        env={"PYTHONIOENCODING": "ascii"},
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_time_that_is_none_is_not_printed() -> None:
    said = {"kind": "ledger.opened", "at": "\x1b[2J", "data": {"key": _NEXT.public_hex}}
    first = seal(canonical(said), after=None, key=_NEXT, algorithm="sha256")
    checker = alone.verify(io.BytesIO(_exported((first,))))
    assert checker.times == ["未记"]


def test_of_a_long_ledger_the_last_of_each_key_is_checked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(alone, "ALL_SIGNATURES_UP_TO", 3)
    path = tmp_path / "long.jsonl"
    path.write_bytes(_exported(_entries(length=6)))
    status, said = _run(capsys, path)
    assert (status, "签名核对：2 条，是每把密钥的最后一条" in said) == (0, True)


@pytest.mark.parametrize("number", range(6))
def test_of_a_long_ledger_no_signature_can_be_changed(
    monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    # what is not checked one by one is held by the digest in the signed trailer
    monkeypatch.setattr(alone, "ALL_SIGNATURES_UP_TO", 3)
    lines = _exported(_entries(length=6)).splitlines(keepends=True)
    entry = json.loads(lines[1 + number])
    assert entry["index"] == number
    entry["signature"] = _KEY.sign(b"something else")
    lines[1 + number] = canonical(entry).encode() + b"\n"
    with pytest.raises(alone.BrokenError):
        alone.verify(io.BytesIO(b"".join(lines)))
    trailer = json.loads(lines[-1])
    trailer["sha256"] = hashlib.sha256(b"".join(lines[:-1])).hexdigest()
    lines[-1] = canonical(trailer).encode() + b"\n"
    with pytest.raises(alone.BrokenError):
        alone.verify(io.BytesIO(b"".join(lines)))


def test_of_a_long_ledger_every_signature_has_its_form(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(alone, "ALL_SIGNATURES_UP_TO", 3)
    checker = alone.Checker()
    lines = _exported(_entries(length=6)).splitlines(keepends=True)
    for line in lines[:2]:
        checker.feed(line)
    entry = json.loads(lines[2]) | {"signature": "x"}
    with pytest.raises(alone.BrokenError, match="签名不成样子"):
        checker.feed(f"{canonical(entry)}\n".encode())
