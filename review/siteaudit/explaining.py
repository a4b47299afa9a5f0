"""Which words of a page nobody needs to review again: a template's, titles, dates.

What is left over is what somebody put beside the cleared body.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

import regex

from review.contents.survey import Shown
from review.siteaudit.bodies import parts_of, squeeze
from review.siteaudit.common import Common
from review.siteaudit.library import Library
from review.siteaudit.paging import without_pages

# Beside a body every publishing system writes such words, and what they introduce.
_DATE: Final = (
    r"(?:\d{4}[-/.年]\d{1,2}(?:[-/.月]\d{1,2}日?)?|\d{1,2}[-/.月]\d{1,2}日?)"
    r"(?:T?\d{1,2}:\d{2}(?::\d{2})?)?|\d{1,2}:\d{2}(?::\d{2})?"
)
_LABEL: Final = (
    r"(?:发布|更新|创建|修改|成文|公开|录入)?(?:时间|日期)|作者|编辑|责任编辑|审核|审稿|摄影|撰稿"
    r"|供稿|来源|信息来源|发布(?:者|人|单位|部门|机构)|(?:浏览|点击|阅读|访问)(?:次数|数|量)?"
    r"|字号|字体|[大中小]|打印(?:本页)?|关闭(?:窗口|本页)?|返回(?:列表|顶部|首页|上级)?|收藏|分享(?:到)?"
    r"|上一[篇条页则]|下一[篇条页则]|首页|尾页|末页|更多|详细|详情|查看全文|阅读全文|当前位置|您(?:的|现在的)?位置|正文"
    r"|没有了|无|暂无|附件(?:下载)?|下载|次|共|页|条|第|跳转|到|转到|【|】|置顶|热门|最新|new|more|RSS"
)
# A longer number may be a telephone's.
_NUMBER: Final = r"(?<!\d)\d{1,6}(?!\d)"
_TRIM: Final = regex.compile(
    rf"^(?:{_DATE}|{_LABEL}|[\p{{P}}\p{{S}}]|{_NUMBER})++|(?:{_DATE}|{_LABEL}|[\p{{P}}\p{{S}}]|{_NUMBER})++$",
    regex.I,
)
# Several together may be one's that was only written apart.
_GROUPED: Final = regex.compile(r"\d{3,}[^\p{L}\p{N}]{1,3}\d{3,}")
_DATED: Final = regex.compile(rf"(?<!\d)(?:{_DATE})(?!\d)")
_SHORTEST: Final = 6
# What is longer is no label, and would take its time to be trimmed.
_LONGEST_LABEL: Final = 200


@dataclass(frozen=True, slots=True)
class Explainer:
    """What may stand on any page of the site."""

    library: Library
    common: Common

    def explains(
        self, text: str, words: tuple[str, ...] = (), linked: Collection[str] = ()
    ) -> bool:
        """Tell whether a text needs no review of its own.

        `words` are names that belong to the page's own item, `linked` the words of
        the page's links.
        """
        if self._known(squeeze(text), words):
            return True
        # As it stands first: a cleared title may hold what looks like a row of pages.
        bare = without_pages(text, linked)
        return any(self._explains(one, words) for one in dict.fromkeys((text, bare)))

    def _explains(self, text: str, words: tuple[str, ...]) -> bool:
        if _has_groups(text):
            return False
        if all(self._known(one, words) for one in parts_of(text)):
            return True
        left = self._without_titles(squeeze(text))
        return left is not None and all(
            self._known(one, words) for one in parts_of(left)
        )

    def _without_titles(self, text: str) -> str | None:
        """Return a row of titles without them; None where there is none in it."""
        left = text
        for one in self.library.titles_by_length:
            if one in left:
                left = left.replace(one, " ")
        return None if left == text else left

    def _known(self, text: str, words: tuple[str, ...]) -> bool:
        return any(self._is_one(one, words) for one in (text, trimmed(text)))

    def _is_one(self, text: str, words: tuple[str, ...]) -> bool:
        if not text or text in self.common.texts or text in words:
            return True
        if text in self.library.live_titles or text in self.library.departments:
            return True
        plain = text.removesuffix("...").removesuffix("…").removesuffix("…")
        return len(plain) >= _SHORTEST and plain in self.library.live_text


def trimmed(text: str) -> str:
    """Return a text without the labels, dates and signs at either end."""
    if len(text) > _LONGEST_LABEL or _has_groups(text):
        return text
    return _TRIM.sub("", text)


def _has_groups(text: str) -> bool:
    """Tell whether groups of digits stand together that are no date."""
    return _GROUPED.search(_DATED.sub("日", text)) is not None


def beside(shown: tuple[Shown, ...], body: str) -> Iterator[tuple[Shown, str]]:
    """Yield the blocks that are no part of the body, each with what of it is not.

    Each stretch of the body explains one block, the longest blocks first.
    """
    left = body
    taken: dict[int, str] = {}
    seen = [(at, squeeze(one.text)) for at, one in enumerate(shown) if not one.hidden]
    for at, text in sorted(seen, key=lambda one: -len(one[1])):
        if text and text in left:
            left = left.replace(text, "\x00", 1)
        elif body and body in text:
            taken[at] = text.replace(body, " ", 1)
            left = ""
        elif text:
            taken[at] = shown[at].text
    for at in sorted(taken):
        yield shown[at], taken[at]
