"""One spelling for each web address, and never one for two."""

import pytest

from review.contents import address


@pytest.mark.parametrize(
    ("raw", "spelled"),
    [
        (" HTTP://WWW.A.Cn ", "http://www.a.cn/"),
        ("https://a.cn:443/B?c=D#E", "https://a.cn/B?c=D#E"),
        ("https://a.cn:80/", "https://a.cn:80/"),
        ("http://u:P@A.cn:80/", "http://u:P@a.cn/"),
        ("http://a.cn/通知 1", "http://a.cn/%E9%80%9A%E7%9F%A5%201"),
        ("http://a.cn/%e9%80%9a", "http://a.cn/%E9%80%9A"),
        ("http://例.cn/", "http://xn--fsq.cn/"),
        ("http://[::1]:80/", "http://[::1]/"),
        ("/up/1.pdf?v=1", "/up/1.pdf?v=1"),
        ("MAILTO:a@b.cn", "mailto:a@b.cn"),
        ("javascript: Go( 1 )", "javascript: Go( 1 )"),
        ("http://a.cn/\n b", "http://a.cn/%20b"),
        ("http://[broken", "http://[broken"),
        ("", ""),
    ],
)
def test_one_spelling(raw: str, spelled: str) -> None:
    assert address.canonical(raw) == spelled
    assert address.canonical(spelled) == spelled


def test_a_base_completes_relative_addresses() -> None:
    assert address.canonical("../c", "http://a.cn/x/y/") == "http://a.cn/x/c"


@pytest.mark.parametrize(
    ("raw", "data"),
    [
        ("data:text/plain;base64,aGk=", b"hi"),
        ("data:,h%69", b"hi"),
        ("DATA:image/png;charset=x;BASE64,a%47k=", b"hi"),
    ],
)
def test_a_data_address_is_the_digest_of_its_bytes(raw: str, data: bytes) -> None:
    plain = address.canonical(f"data:,{data.decode()}")
    assert address.canonical(raw) == plain
    assert plain.startswith("sha256:")


@pytest.mark.parametrize("raw", ["data:image/png;base64,a", "data:nothing", "http://a"])
def test_what_holds_no_data_has_no_digest(raw: str) -> None:
    assert address.data_digest(raw) is None


def test_a_file_name_is_unescaped() -> None:
    assert address.file_name("http://a.cn/b/%E5%9B%BE.png?x=/y") == "图.png"
    assert address.file_name("http://[broken") == ""
