"""What a safe copy of a web page leaves out, and what it keeps."""

import base64
import io

import pytest
from PIL import Image

from review.errors import UnsupportedError
from review.extract.read import read
from review.safecopy.copying import safe_copy
from review.safecopy.interface import SafeCopy

HIDDEN = "藏着的话"
SHOWN = "云山职业学院关于放假的通知"
_PAGE = (
    "<!DOCTYPE html><html><head><title>通知</title>{head}</head>"
    "<body><p>云山职业学院{inner}关于放假的通知</p></body></html>"
)


def copied(page: str) -> SafeCopy:
    made = safe_copy(page.encode(), "x.html")
    known = {"链接地址"}
    hidden = [b for b in read(made.data, "c").blocks if b.hidden]
    assert [one.text for one in hidden if one.detail not in known] == []
    return made


_HIDING = {
    "comment": (f"<!-- {HIDDEN} -->", "网页注释"),
    "display": (f'<span style="display:none">{HIDDEN}</span>', "隐藏的元素"),
    "attribute hidden": (f"<span hidden>{HIDDEN}</span>", "隐藏的元素"),
    "class": (f'<span class="gone">{HIDDEN}</span>', "隐藏的元素"),
    "white": (f'<span style="color:#fff">{HIDDEN}</span>', "隐藏的元素"),
    "data": (f'<b data-x="{HIDDEN}"></b>', "属性里的文字"),
    "alt": (f'<img src="a.png" alt="{HIDDEN}">', "属性里的文字"),
    "script": (f"<script>var a='{HIDDEN}'</script>", "脚本"),
    "handler": (f"<b onclick=\"alert('{HIDDEN}')\"></b>", "脚本"),
    "template": (f"<template><p>{HIDDEN}</p></template>", "网页模板"),
    "noscript": (f"<noscript>{HIDDEN}</noscript>", "隐藏的元素"),
    "input": (f'<input type="hidden" value="{HIDDEN}">', "隐藏的表单值"),
    "file link": (f'<a href="file:///C:/{HIDDEN}"></a>', "链接"),
    "style remark": (f'<b style="color:red/*{HIDDEN}*/"></b>', "样式"),
    "svg title": (f"<svg><title>{HIDDEN}</title></svg>", "说明"),
}


@pytest.mark.parametrize("name", _HIDING)
def test_what_hides_in_a_page_goes(name: str) -> None:
    inner, kind = _HIDING[name]
    made = copied(_PAGE.format(head="<style>.gone{display:none}</style>", inner=inner))
    assert HIDDEN not in made.data.decode()
    assert kind in "、".join(one.kind for one in made.removed)
    assert "关于放假的通知" in made.data.decode()


def test_metadata_of_the_head_go_and_the_sheet_stays() -> None:
    head = (
        f'<meta name="author" content="{HIDDEN}"><meta charset="gb2312">'
        f'<meta property="og:title" content="{HIDDEN}">'
        f"<style>/* {HIDDEN} */ p {{color: red}}</style>"
    )
    text = copied(_PAGE.format(head=head, inner="")).data.decode()
    assert HIDDEN not in text
    assert "color: red" in text
    assert text.count("charset") == 1
    assert 'charset="utf-8"' in text


def test_a_piece_of_a_page_stays_a_piece() -> None:
    made = copied(f"<p>{SHOWN}<!--{HIDDEN}--></p><p>第二段</p>")
    assert made.data.decode() == f"<p>{SHOWN}</p><p>第二段</p>"


def test_a_picture_in_an_address_loses_its_exif() -> None:
    image = Image.new("RGB", (40, 40), (1, 2, 3))
    exif = Image.Exif()
    exif[0x010E] = "taken in the office"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    inner = base64.b64encode(out.getvalue()).decode()
    page = _PAGE.format(head="", inner=f'<img src="data:image/jpeg;base64,{inner}">')
    made = copied(page)
    start = made.data.index(b"base64,") + 7
    kept = base64.b64decode(made.data[start : made.data.index(b'"', start)])
    assert b"office" not in kept
    with Image.open(io.BytesIO(kept)) as again:
        assert again.size == (40, 40)


def test_a_turned_picture_in_an_address_stays_as_it_was_seen() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    Image.new("RGB", (60, 40), (1, 2, 3)).save(out, "JPEG", exif=exif)
    inner = base64.b64encode(out.getvalue()).decode()
    page = _PAGE.format(head="", inner=f'<img src="data:image/jpeg;base64,{inner}">')
    made = copied(page)
    start = made.data.index(b"base64,") + 7
    kept = base64.b64decode(made.data[start : made.data.index(b'"', start)])
    with Image.open(io.BytesIO(kept)) as again:
        assert again.size == (40, 60)


def test_a_sheet_that_writes_words_is_refused() -> None:
    head = f"<style>p::after{{content:'{HIDDEN}'}}</style>"
    with pytest.raises(UnsupportedError, match="样式"):
        safe_copy(_PAGE.format(head=head, inner="").encode(), "x.html")


def test_links_that_are_seen_keep_their_addresses() -> None:
    inner = '<a href="https://www.example.edu.cn/a?b=1">官网</a>'
    made = copied(_PAGE.format(head="", inner=inner))
    assert b"https://www.example.edu.cn/a?b=1" in made.data
    assert made.kept[0].count == 1
