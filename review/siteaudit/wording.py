"""How an audit says what it found: where, what was cleared, what stands there now."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from typing import Final

from review.contents import address, fold
from review.contents.compare import Change, ChangeKind, describe
from review.contents.passages import passages_of
from review.contents.survey import Shown
from review.siteaudit.bodies import squeeze
from review.siteaudit.common import base_of, object_key, object_keys
from review.siteaudit.interface import Reviewed, SeenPage, Standing

STANDING: Final[Mapping[Standing, str]] = {
    "live": "",
    "revoked": "公开许可已经撤销，请立即撤下。",
    "expired": "公开许可已经到期，请重新送审或撤下。",
    "refused": "审查结论是不予公开，请立即撤下并报告保密办。",
    "pending": "审查还没有办完，请先撤下，等审查结束。",
    "channel": "没有得到在网站公开的许可，请就网站这一公开方式送审，或撤下。",
    "not_reviewed": "送审已撤回，等于没有审查，请撤下或重新送审。",
}
_KINDS: Final[Mapping[str, str]] = {
    "image": "图片",
    "media": "音视频",
    "object": "嵌入文件",
    "alt": "图片说明",
    "link": "空链接",
    "math": "公式",
    "form": "表单状态",
    "style": "样式内容",
    "active": "脚本、框架等活动内容",
}
PICTURE_GONE: Final = "图片：缺少或换掉了"
PICTURE_EXTRA: Final = "页面：多出图片“"
_LONGEST: Final = 80
_MOST: Final = 20
_AKIN: Final = 0.5
_EXTRA: Final = "多出文字"


def clip(text: str) -> str:
    """Return a quotation of bearable length, on one line."""
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST]}…"


def extra_text(block: Shown, text: str) -> str:
    """Say which words stand there that were not cleared."""
    return f"{_place(block)}：{_EXTRA}“{clip(text)}”。"


def extra_object(kind: str, value: str) -> str:
    """Say which object stands there that was not cleared."""
    return f"页面：多出{_KINDS.get(kind, '内容')}“{clip(value)}”。"


def extra_hidden(texts: Iterable[str]) -> str:
    """Say that there are words which no reader sees at once."""
    quoted = "、".join(f"“{clip(one)}”" for one in dict.fromkeys(texts))
    return (
        f"页面：多出看不见的文字{f'：{quoted}' if quoted else '（注释、提示文字等）'}。"
    )


def nobody_knows(reasons: Iterable[str]) -> tuple[str, ...]:
    """Say that no review fits, and what stands there."""
    return (
        "按网址、内容和标题都没有找到审查通过的审查件。",
        *tuple(reasons)[: _MOST - 1],
    )


def differing(
    page: SeenPage,
    item: Reviewed,
    bytes_of: Mapping[str, str],
    extra: tuple[str, ...],
) -> Iterator[str]:
    """Say what differs between a page and what was cleared, place by place."""
    said = list(_texts(page, item, extra))
    said += _objects(page, item, bytes_of)
    said += _links(page, item)
    if not said:
        said.append("正文：文字的次序、上下标或表格的排列与审查通过的不同。")
    yield from said[:_MOST]


def _texts(page: SeenPage, item: Reviewed, extra: tuple[str, ...]) -> Iterator[str]:
    """Pair what is missing with what stands there instead."""
    if item.contents is None:
        return
    whole = squeeze(
        "".join(one.value for one in page.survey.contents.body if one.kind == "text")
    )
    said = list(extra)
    blocks = [one for one in page.survey.shown if not one.hidden]
    for passage in passages_of(item.contents):
        words = squeeze(
            "".join(one.value for one in passage.pieces if one.kind == "text")
        )
        if not words or words in whole:
            continue
        now, place = _akin(words, blocks, passage.where)
        if now is not None:
            said = [one for one in said if squeeze(clip(now)) not in squeeze(one)]
        before, after = passage.text.strip(), now or ""
        kind: ChangeKind = "changed" if now is not None else "removed"
        yield describe(Change(kind, before, after, place, passage.start, passage.start))
    yield from said


def _akin(words: str, blocks: list[Shown], where: str) -> tuple[str | None, str]:
    """Return the block that most likely was made of those words, and its place."""
    best, found = _AKIN, None
    for one in blocks:
        text = squeeze(one.text)
        # Of a long block only its like counts, not all that stands around it.
        ratio = SequenceMatcher(None, words, text, autojunk=False).ratio()
        if ratio > best:
            best, found = ratio, one
    if found is None:
        return None, where or "正文"
    return fold.plain(found.text), _place(found)


def _objects(
    page: SeenPage, item: Reviewed, bytes_of: Mapping[str, str]
) -> Iterator[str]:
    if item.contents is None:
        return
    base = base_of(page)
    now = set(object_keys(page))
    now |= {
        f"image sha256:{bytes_of[one]}" for one in bytes_of if f"image {one}" in now
    }
    for piece in item.contents.body:
        key = object_key(piece, base)
        if piece.kind in _KINDS and key not in now:
            value = (
                "审查时的那一张" if piece.value.startswith("sha256:") else piece.value
            )
            yield f"{_KINDS[piece.kind]}：缺少或换掉了“{clip(value)}”。"


def _links(page: SeenPage, item: Reviewed) -> Iterator[str]:
    """Tell of links that lead elsewhere than they did, or are gone."""
    if item.contents is None:
        return
    base = base_of(page)
    now: dict[str, set[str]] = {}
    for one in page.survey.contents.body:
        if one.link:
            now.setdefault(one.value, set()).add(address.canonical(one.link, base))
    for one in item.contents.body:
        if not one.link:
            continue
        wanted = address.canonical(one.link, base)
        others = now.get(one.value, set()) - {wanted}
        if others:
            yield (
                f"链接：“{clip(one.value)}”审查时指向 {clip(wanted)}，"
                f"现在有的指向 {clip(min(others))}。"
            )
        elif one.value not in now:
            yield f"链接：缺少“{clip(one.value)}”指向 {clip(wanted)} 的链接。"


def _place(block: Shown) -> str:
    if block.paragraph is not None:
        return f"第 {block.paragraph} 段"
    return "表格" if block.part == "table" else "页面"
