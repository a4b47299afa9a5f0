import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from review.errors import LedgerError
from review.ledger.keys import PublicKey, SigningKey

_PRIME = 2**255 - 19


def test_a_key_survives_its_file_and_signs_the_same() -> None:
    key = SigningKey.generate()
    again = SigningKey.load(key.to_pem())
    assert again.public == key.public
    assert again.sign(b"a") == key.sign(b"a")
    assert key.public.signed(b"a", again.sign(b"a"))
    assert not key.public.signed(b"b", again.sign(b"a"))
    assert not SigningKey.generate().public.signed(b"a", key.sign(b"a"))


def test_the_fingerprint_is_of_the_public_bytes() -> None:
    # public key of RFC 8032, 7.1, test 1; its SHA-256 worked out with sha256sum
    key = PublicKey("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    assert key.id == "21fe31dfa154a261"


def test_nothing_private_is_shown() -> None:
    key = SigningKey.generate()
    assert "rivate" not in repr(key)
    assert key.public_hex in repr(key)


def _other_files() -> list[tuple[bytes, str]]:
    curve = ec.generate_private_key(ec.SECP256R1())
    edwards = Ed25519PrivateKey.generate()
    pkcs8 = PrivateFormat.PKCS8
    locked = edwards.private_bytes(
        Encoding.PEM, pkcs8, BestAvailableEncryption(b"fictional")
    )
    public = edwards.public_key().public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    )
    plain = SigningKey.generate().to_pem()
    advice = "请核对设置里的密钥文件路径，或从备份中恢复该文件。"
    damaged = f"记录链密钥文件不是 PEM 私钥，或已损坏；{advice}"
    return [
        (b"", damaged),
        (b"\xff\x00", damaged),
        (plain[:40], damaged),
        (plain.replace(b"MC4", b"MC5"), damaged),
        (public, damaged),
        (
            locked,
            "记录链密钥文件设了口令，程序读不了；请换成不设口令、权限为 600 的文件。",
        ),
        (
            curve.private_bytes(Encoding.PEM, pkcs8, NoEncryption()),
            f"记录链密钥文件里不是 Ed25519 私钥；{advice}",
        ),
    ]


@pytest.mark.parametrize("which", range(7))
def test_what_is_no_such_key_is_refused_in_chinese(which: int) -> None:
    pem, says = _other_files()[which]
    with pytest.raises(LedgerError) as caught:
        SigningKey.load(pem)
    assert caught.value.message == says


@pytest.mark.parametrize("text", ["", "ab", "A" * 64, "g" * 64, "a" * 63 + "\n"])
def test_a_public_key_is_64_lower_hexadecimal_digits(text: str) -> None:
    with pytest.raises(LedgerError) as caught:
        PublicKey(text)
    said = "公钥应是 64 位小写十六进制数字；请重新抄写或导出公钥。"
    assert caught.value.message == said


@pytest.mark.parametrize("sign", [0, 1 << 255])
@pytest.mark.parametrize("height", [0, 1, _PRIME - 1, _PRIME, _PRIME + 1, _PRIME + 18])
def test_a_key_under_which_anybody_signs_is_refused(height: int, sign: int) -> None:
    raw = (height | sign).to_bytes(32, "little")
    with pytest.raises(LedgerError) as caught:
        PublicKey(raw.hex())
    said = "这个公钥不可用（任何人都能冒签）；请换用新生成的密钥。"
    assert caught.value.message == said


def test_a_signature_has_one_spelling() -> None:
    key = SigningKey.generate()
    signature = key.sign(b"a")
    assert key.public.signed(b"a", signature)
    spaced = f"{signature[:64]} {signature[65:]}"
    for other in (signature.upper(), signature + "0", "", None, spaced):
        assert not key.public.signed(b"a", other)


def test_s_beyond_the_order_is_refused() -> None:
    order = 2**252 + 27742317777372353535851937790883648493
    key = SigningKey.generate()
    signature = bytes.fromhex(key.sign(b"a"))
    s = int.from_bytes(signature[32:], "little")
    second = signature[:32] + (s + order).to_bytes(32, "little")
    assert key.public.signed(b"a", signature.hex())
    assert not key.public.signed(b"a", second.hex())
