"""The published site of an invented college: a template, articles, what they carry.

`make` writes it as it was handed in for review; `planted.py` says where what is
published departs from that, `clear.py` leads every article to its clearance.
"""

import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from docx import Document
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

ADDRESS: Final = "https://news.example.edu.cn"
BODY: Final = "#article"  # where the reviewed body stands in a page
TITLE: Final = "h1.title"
PER_LIST: Final = 50
FEWEST: Final = 60

_FRAME: Final = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{title} - 云山新闻网</title>
<link rel="stylesheet" href="/static/site.css"></head>
<body><header><img src="/static/logo.png" alt="云山新闻网"><nav>
<a href="/index.html">首页</a> <a href="/list/1.html">学院新闻</a></nav></header>
<main><h1 class="title">{title}</h1>
<div class="text" id="article">
{body}
</div></main>
<footer>云山职业学院 版权所有</footer></body></html>
"""
# Nothing else on the site is like what was refused.
_REFUSED: Final = (8, "<p>食堂拟更换两台蒸箱，采购方式和时间尚在商议。</p>")
_SUBJECTS: Final = ("运动会", "读书节", "合唱比赛", "书法展", "技能竞赛", "植树活动")
_PLACES: Final = ("田径场", "图书馆", "大礼堂", "实训楼", "文化长廊", "南校园")
_STATIC: Final = {
    "/static/site.css": b"body { font-family: serif; margin: 0 auto }\n",
    "/robots.txt": b"User-agent: *\nAllow: /\n",
}


@dataclass(frozen=True, slots=True)
class Attached:
    """A file beside a page; `path` is unescaped."""

    path: str
    data: bytes

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def link(self) -> str:
        return quote(self.path)


@dataclass(frozen=True, slots=True)
class Page:
    """An article as it was handed in: `body` is what stands in the template."""

    path: str
    title: str
    body: str
    files: tuple[Attached, ...] = ()

    @property
    def address(self) -> str:
        return f"{ADDRESS}{self.path}"

    @property
    def published(self) -> bytes:
        return framed(self.title, self.body)

    def file(self, ending: str) -> Attached:
        return next(one for one in self.files if one.path.endswith(ending))


@dataclass(frozen=True, slots=True)
class Website:
    """All of it; `static` needs no review, everything else is an item or its file."""

    pages: tuple[Page, ...]
    static: tuple[Attached, ...]

    @property
    def articles(self) -> tuple[Page, ...]:
        return tuple(one for one in self.pages if one.path.startswith("/news/"))

    def files(self) -> dict[str, bytes]:
        """Return every published file by its unescaped path."""
        found = {one.path: one.data for one in self.static}
        for page in self.pages:
            found[page.path] = page.published
            found |= {one.path: one.data for one in page.files}
        return found


def pages_wanted() -> int:
    """Return of how many pages the tests' site is, 100 unless told otherwise."""
    return int(os.environ.get("XIANSHEN_TEST_PAGES", "100"))  # noqa: TID251 - how the tests run


def framed(title: str, body: str) -> bytes:
    """Put a body into the site's template."""
    return _FRAME.format(title=title, body=body).encode()


def make(count: int = 500) -> Website:
    """Make a site of that many pages, its lists and its first page among them."""
    assert count >= FEWEST, "too small for what is to be planted"
    lists = -(-(count - 1) // (PER_LIST + 1))
    articles = [_article(number) for number in range(1, count - lists)]
    listed = list(_lists(articles, lists))
    first = Page("/index.html", "云山新闻网首页", _links(listed))
    static = [Attached(path, data) for path, data in _STATIC.items()]
    static.append(Attached("/static/logo.png", picture(0)))
    return Website((first, *listed, *articles), tuple(static))


def picture(number: int) -> bytes:
    """Return a small picture that no other number has."""
    colour = (number * 37 % 256, number // 256 * 16 % 256, number % 256)
    made = io.BytesIO()
    Image.new("RGB", (12, 12), colour).save(made, "PNG")
    return made.getvalue()


def sheet(text: str) -> bytes:
    """Return a Word document of one paragraph."""
    document = Document()
    # What the library writes of itself would be hidden text.
    document.core_properties.author = document.core_properties.comments = ""
    document.add_paragraph(text)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def leaflet(text: str) -> bytes:
    """Return a PDF of one line."""
    made = io.BytesIO()
    canvas = Canvas(made, invariant=1)
    canvas.drawString(72, 720, text)
    canvas.save()
    return made.getvalue()


def _article(number: int) -> Page:
    subject, place = _SUBJECTS[number % 6], _PLACES[number // 6 % 6]
    title = f"学院第{number}期校园文化活动：{subject}"
    folder = f"/files/{number:03}"
    if number == _REFUSED[0]:
        return Page(f"/news/{number:03}.html", "食堂更换设备", _REFUSED[1])
    files = tuple(_files(number, folder))
    lines = [
        f"<p>第{number}期校园文化活动日前在{place}举行，主题是{subject}，各班同学踊跃参加。</p>",
        f"<p>活动共设{number % 7 + 3}个项目，场地约120m<sup>2</sup>，同学们赛出了风格。</p>",
        (
            f"<table><tr><td>第一名</td><td>{number}班</td></tr>"
            f"<tr><td>第二名</td><td>{number + 1}班</td></tr></table>"
        ),
        '<p>往期活动见<a href="/list/1.html">学院新闻</a>栏目。</p>',
        *(_shown(one, number) for one in files),
    ]
    return Page(f"/news/{number:03}.html", title, "\n".join(lines), files)


def _files(number: int, folder: str) -> Iterator[Attached]:
    if number % 10 == 0:
        yield Attached(f"{folder}/p{number}.png", picture(number))
    if number % 12 == 1:
        text = f"第{number}期活动安排：上午入场，下午颁奖。"
        yield Attached(f"{folder}/活动安排{number}.docx", sheet(text))
    if number % 15 == 2:
        text = f"Programme of the activity no. {number}"
        yield Attached(f"{folder}/programme-{number}.pdf", leaflet(text))


def _shown(file: Attached, number: int) -> str:
    if file.path.endswith(".png"):
        return f'<p><img src="{file.link}" alt="第{number}期活动现场"></p>'
    return f'<p>附件：<a href="{file.link}">{file.name}</a></p>'


def _lists(articles: list[Page], count: int) -> Iterator[Page]:
    for number in range(1, count + 1):
        mine = articles[(number - 1) * PER_LIST : number * PER_LIST]
        yield Page(f"/list/{number}.html", f"学院新闻第{number}页", _links(mine))


def _links(pages: list[Page]) -> str:
    rows = (f'<li><a href="{one.path}">{one.title}</a></li>' for one in pages)
    return "<ul>\n" + "\n".join(rows) + "\n</ul>"
