"""Where the published site departs from what was cleared: 25 planted deviations.

What is changed afterwards is done to the published files by `plant`; what was never
let out, or no longer is, `clear.py` does to the cases of `Website.articles`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from tests.websites.make import (
    Attached,
    Page,
    Website,
    framed,
    leaflet,
    picture,
    sheet,
)

Fate: TypeAlias = Literal["revoked", "expired", "channel", "pending", "refused"]
Kind: TypeAlias = Literal["changed", "attachment", "never"] | Fate

# Of which articles (counted from the first) the case does not end in a clearance
# that holds on the website.
FATES: Final[dict[int, Fate]] = {
    3: "revoked",
    4: "expired",
    5: "channel",
    6: "pending",
    7: "refused",
}
EXTRA_PAGE: Final = "/news/extra.html"
EXTRA_FILE: Final = "/files/extra/programme.pdf"


@dataclass(frozen=True, slots=True)
class Deviation:
    """One planted deviation; it is found where `path` is named.

    `also` may be named besides: the page that shows a replaced picture.
    """

    name: str
    path: str
    kind: Kind
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Planted:
    """The files as they are published, by their unescaped path, and what is wrong."""

    files: dict[str, bytes]
    deviations: tuple[Deviation, ...]

    @property
    def wrong(self) -> frozenset[str]:
        """Return every path that must be named."""
        return frozenset(one.path for one in self.deviations)

    @property
    def suspect(self) -> frozenset[str]:
        """Return every path that may be named; any other is invented."""
        return self.wrong.union(*(one.also for one in self.deviations))


def plant(website: Website) -> Planted:
    """Return the site as it is published, with what was done to it since."""
    files, found = website.files(), []
    articles = website.articles
    plain = [one for at, one in enumerate(articles) if not one.files and at > 7]
    for page, (name, change) in zip(plain, _BODIES.items(), strict=False):
        title, body = change(page)
        assert (title, body) != (page.title, page.body), name
        files[page.path] = framed(title, body)
        found.append(Deviation(name, page.path, "changed"))
    found += _files_changed(articles, files)
    files[EXTRA_PAGE] = framed("学院举行茶话会", "<p>茶话会昨日在大礼堂举行。</p>")
    found.append(Deviation("extra page", EXTRA_PAGE, "never"))
    found += [Deviation(fate, articles[at].path, fate) for at, fate in FATES.items()]
    assert len(found) == 25
    assert len({one.path for one in found}) == 25
    return Planted(files, tuple(found))


def _changed(old: str, new: str) -> Callable[[Page], tuple[str, str]]:
    return lambda page: (page.title, page.body.replace(old, new, 1))


def _added(markup: str) -> Callable[[Page], tuple[str, str]]:
    return lambda page: (page.title, f"{page.body}\n{markup}")


_BODIES: Final[dict[str, Callable[[Page], tuple[str, str]]]] = {
    "character changed": _changed("踊跃", "踊耀"),
    "digit changed": _changed("120m", "128m"),
    "sentence gone": _changed("，同学们赛出了风格", ""),
    "sentence added": _added("<p>其余事项另行通知。</p>"),
    "title changed": lambda page: (page.title.replace("校园", "校外"), page.body),
    "superscript lost": _changed("m<sup>2</sup>", "m2"),
    "cell changed": _changed("<td>第一名</td>", "<td>第三名</td>"),
    "link changed": _changed('href="/list/1.html"', f'href="{EXTRA_PAGE}"'),
    "hidden text added": _added('<p style="display:none">内部掌握的名单</p>'),
    "comment added": _added("<!-- 这一段暂不公开：名单待定 -->"),
    "script added": _added('<script src="/static/extra.js"></script>'),
    "attachment added": _added(f'<p><a href="{EXTRA_FILE}">附件：节目单</a></p>'),
}


def _files_changed(
    articles: tuple[Page, ...], files: dict[str, bytes]
) -> list[Deviation]:
    pictures, sheets, leaflets = (
        _with(articles, ending) for ending in (".png", ".docx", ".pdf")
    )
    found = [
        _alt(pictures[0], files),
        _replaced("picture replaced", pictures[1], ".png", picture(70_001), files),
        _another(pictures[2], pictures[3], files),
        _replaced("docx replaced", sheets[1], ".docx", sheet("另一份安排。"), files),
        _one_byte(leaflets[1], files),
        _link_gone(sheets[2], files),
    ]
    files[EXTRA_FILE] = leaflet("A programme that nobody saw")
    found.append(Deviation("extra file", EXTRA_FILE, "never"))
    return found


def _with(articles: tuple[Page, ...], ending: str) -> list[Page]:
    """Return the articles with such a file alone, none that has a fate of its own."""
    return [
        one
        for at, one in enumerate(articles)
        if at > 7 and len(one.files) == 1 and one.files[0].path.endswith(ending)
    ]


def _alt(page: Page, files: dict[str, bytes]) -> Deviation:
    files[page.path] = framed(page.title, page.body.replace("活动现场", "会议现场"))
    return Deviation("alt text changed", page.path, "changed")


def _replaced(
    name: str, page: Page, ending: str, data: bytes, files: dict[str, bytes]
) -> Deviation:
    file = page.file(ending)
    files[file.path] = data
    return Deviation(name, file.path, "attachment", also=(page.path,))


def _another(page: Page, other: Page, files: dict[str, bytes]) -> Deviation:
    """Let a page show a picture that was cleared with another page."""
    file: Attached = page.file(".png")
    files[file.path] = other.file(".png").data
    return Deviation("another's picture", page.path, "changed", also=(file.path,))


def _one_byte(page: Page, files: dict[str, bytes]) -> Deviation:
    file = page.file(".pdf")
    changed = file.data.replace(b"Programme", b"Programma", 1)
    if changed == file.data:  # the text is compressed
        changed = file.data + b"%"
    files[file.path] = changed
    return Deviation("pdf altered", file.path, "attachment", also=(page.path,))


def _link_gone(page: Page, files: dict[str, bytes]) -> Deviation:
    body = "\n".join(one for one in page.body.splitlines() if "附件" not in one)
    files[page.path] = framed(page.title, body)
    return Deviation("attachment gone", page.path, "changed")
