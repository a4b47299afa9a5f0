"""An address in one plain spelling, or none at all."""

import pytest

from review.proxy.interface import StopError
from review.proxy.paths import Place, place_of, plain_path


def place(raw: bytes, query: bytes = b"", *, keep: bool = False) -> Place:
    return place_of(raw, query, index="index.html", keep_query=keep)


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        (b"/", "/index.html"),
        (b"/news/", "/news/index.html"),
        (b"/news/1.html", "/news/1.html"),
        (b"/%E5%90%8D%E5%8D%95.docx", "/名单.docx"),
        (b"/a%20b.pdf", "/a b.pdf"),
        (b"/a..b/c.html", "/a..b/c.html"),
    ],
)
def test_a_plain_path_is_unescaped_once(raw: bytes, path: str) -> None:
    assert place(raw).path == path


def test_a_place_is_asked_for_as_it_is_on_record() -> None:
    assert place("/名单 1.docx".encode()).target == "/%E5%90%8D%E5%8D%95%201.docx"
    assert place(b"/a", b"id=2", keep=True).target == "/a?id=2"
    assert place(b"/a", b"id=2").target == "/a"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"news",
        b"//news",
        b"/news//1.html",
        b"/news/../1.html",
        b"/news/./1.html",
        b"/news/..",
        b"/%2e%2e/1.html",
        b"/news%2f1.html",
        b"/news%5c1.html",
        b"/news\\1.html",
        b"/news/1.html;a=b",
        b"/static/..%3b/a.png",
        b"/news/1.html%3Ba=b",
        b"/news/1.html%00.png",
        b"/news/1.html%0a",
        b"/%252e%252e/a",
        b"/%ff",
        b"/%c0%ae",
        b"/%e2%80%ae.html",
        b"/e%CC%81.html",  # another spelling of an accented letter
        b"/" + b"a" * 3000,
    ],
)
def test_what_another_program_may_read_otherwise_leads_nowhere(raw: bytes) -> None:
    with pytest.raises(StopError) as stop:
        plain_path(raw)
    assert stop.value.code == "path"


@pytest.mark.parametrize("query", [b"a b", b"a\x01", "名".encode(), b"a" * 3000])
def test_a_query_that_is_no_plain_text_leads_nowhere(query: bytes) -> None:
    with pytest.raises(StopError):
        place(b"/a", query, keep=True)
