"""Holds one page against the record: whose it is, and what is not as it was cleared."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import regex

from review.contents.hidden import digest_of
from review.contents.passages import passages_of
from review.siteaudit import addresses, wording
from review.siteaudit.bodies import parts_of, squeeze, variants, written
from review.siteaudit.common import Common, base_of, object_key, object_keys
from review.siteaudit.explaining import Explainer, beside
from review.siteaudit.interface import Deviation, Reviewed, SeenPage
from review.siteaudit.library import Library, shown_on

# Of a body that was changed so much still stands on its page.
_ALIKE: Final = 0.5
_MOST_CANDIDATES: Final = 20
# What metadata in a page's head are told under; any other label may be the words themselves.
_META: Final = regex.compile(
    r"描述|关键词|作者|生成软件|版权|主题|摘要"
    r"|(?:(?:og|twitter|article|dc|dcterms)[:.])?"
    r"(?:title|site_name|type|creator|publisher|date|section|tag|published_time|modified_time)"
    r"|site(?:name|domain)|columnname|columndescription|columnkeywords|columntype"
    r"|articletitle|pubdate|contentsource|source|apple-mobile-web-app-title|application-name",
    regex.I,
)


@dataclass(frozen=True, slots=True)
class Judged:
    """Whose page it is, as far as that can be told, and what is wrong with it.

    `item` is the live item that it shows as cleared, or what it departs from.
    """

    page: SeenPage
    item: Reviewed | None = None
    deviation: Deviation | None = None


@dataclass(frozen=True, slots=True)
class Bench:
    """What every page is held against; `bytes_of` has pictures' SHA-256 by address."""

    library: Library
    common: Common
    bytes_of: Mapping[str, str]

    @property
    def explainer(self) -> Explainer:
        """Return what tells which words need no review."""
        return Explainer(self.library, self.common)


@dataclass(frozen=True, slots=True)
class _Held:
    """One item held against a page; no reasons: it is as it was cleared."""

    item: Reviewed
    whole: bool
    alike: float
    reasons: tuple[str, ...]


def judge(page: SeenPage, bench: Bench) -> Judged:
    """Return whose page it is and whether it departs from what was cleared."""
    held = [_held(page, one, bench) for one in _candidates(page, bench.library)]
    for one in held:
        if one.item.standing == "live" and not one.reasons:
            return Judged(page, one.item)
    # A list, a column, a first page: nothing on it that was not cleared elsewhere.
    if not any(one.whole for one in held) and not _registered(page, bench.library):
        unexplained = tuple(_beside(page, None, bench))
        if not unexplained:
            return Judged(page)
    best = max(held, key=_rank, default=None)
    if best is None or (not best.whole and best.alike < _ALIKE):
        reasons = wording.nobody_knows(_beside(page, None, bench))
        return Judged(page, None, _deviation(page, "not_reviewed", None, reasons))
    item = best.item
    if item.standing != "live":
        reasons = (wording.STANDING[item.standing], *best.reasons)
        return Judged(page, item, _deviation(page, item.standing, item, reasons))
    return Judged(page, item, _deviation(page, "changed", item, best.reasons))


def _rank(one: _Held) -> tuple[bool, bool, float]:
    return one.whole, one.item.standing == "live" and one.alike >= _ALIKE, one.alike


def _registered(page: SeenPage, library: Library) -> bool:
    return addresses.key(page.address) in library.by_address


def _candidates(page: SeenPage, library: Library) -> Iterator[Reviewed]:
    """Yield the items that the page may be: by address, by contents, by title."""
    text = _words(page)
    found = [
        *library.by_address.get(addresses.key(page.address), ()),
        *sorted(
            shown_on(library, text), key=lambda one: -len(library.text_of[one.case])
        ),
    ]
    for one in page.survey.shown:
        if one.part in {"body", "metadata"}:
            found += library.by_title.get(squeeze(one.text), ())
    yield from list({one.case: one for one in found}.values())[:_MOST_CANDIDATES]


def _words(page: SeenPage) -> str:
    pieces = page.survey.contents.body
    return squeeze("".join(one.value for one in pieces if one.kind == "text"))


def _held(page: SeenPage, item: Reviewed, bench: Bench) -> _Held:
    """Hold a page against one item."""
    if item.contents is None:
        same = squeeze(item.title) in {squeeze(one.text) for one in page.survey.shown}
        gone = "审查通过的内容已按期清除，无法逐字比对，请人工核对。"
        return _Held(item, same, float(same), (gone,))
    base = base_of(page)
    shown = written(
        page.survey.contents, base=base, bytes_of=bench.bytes_of, cleared=item.contents
    )
    whole = any(
        one in shown for one in variants(item.contents, title=item.title, base=base)
    )
    extra = tuple(_beside(page, item, bench))
    if whole:
        reasons = (*extra, *_title(page, item))
        return _Held(item, whole, 1.0, reasons)
    words = _words(page)
    passages = [squeeze(one.text) for one in passages_of(item.contents)]
    present = sum(len(one) for one in passages if one in words)
    alike = present / max(1, sum(map(len, passages)))
    named = squeeze(item.title) in words
    reasons = (*wording.differing(page, item, bench.bytes_of, extra),)
    return _Held(item, whole, max(alike, _ALIKE if named else 0.0), reasons)


def _title(page: SeenPage, item: Reviewed) -> Iterator[str]:
    """Tell where the page does not bear the title that was cleared."""
    wanted = squeeze(item.title)
    bearing = [squeeze(one.text) for one in page.survey.shown if not one.hidden]
    if not any(wanted in one for one in (*bearing, squeeze(page.survey.title))):
        yield f"标题：页面上没有审查通过的标题“{wording.clip(item.title)}”。"


def _beside(page: SeenPage, item: Reviewed | None, bench: Bench) -> Iterator[str]:
    """Say what the page has beside the item's body and the site's template."""
    body = bench.library.text_of[item.case] if item else ""
    words = tuple(map(squeeze, item.words)) if item else ()
    explainer = bench.explainer
    pieces = page.survey.contents.body
    linked = {squeeze(one.value) for one in pieces if one.link and one.kind == "text"}
    for block, text in beside(page.survey.shown, body):
        own = item is not None and squeeze(text) == squeeze(item.title)
        if not own and not explainer.explains(text, words, linked):
            yield wording.extra_text(block, text)
    yield from _extra_objects(page, item, bench)
    yield from _extra_hidden(page, item, bench)


def _extra_objects(
    page: SeenPage, item: Reviewed | None, bench: Bench
) -> Iterator[str]:
    base = base_of(page)
    contents = item.contents if item else None
    known = {object_key(one, base) for one in contents.body} if contents else set()
    texts = (
        [one.value for one in contents.body if one.kind == "text"] if contents else []
    )
    for one in dict.fromkeys(object_keys(page)):
        kind, _, value = one.partition(" ")
        digest = bench.bytes_of.get(value, value.removeprefix("sha256:"))
        if one in known or one in bench.common.objects or value in texts:
            continue
        if f"{kind} sha256:{digest}" in known:
            continue
        if kind in {"image", "media"} and _may_be_shown(digest, bench.library):
            continue
        if kind == "alt" and bench.explainer.explains(value):
            continue
        yield wording.extra_object(kind, value)


def _may_be_shown(digest: str, library: Library) -> bool:
    return any(one.standing == "live" for one in library.by_file.get(digest, ()))


def _extra_hidden(page: SeenPage, item: Reviewed | None, bench: Bench) -> Iterator[str]:
    """Tell of hidden words that neither the item nor the template has."""
    words = (*map(squeeze, item.words), squeeze(item.title)) if item else ()
    explains = bench.explainer.explains
    allowed = set(bench.common.hidden) | bench.library.title_digests
    allowed |= item.hidden if item else frozenset()
    unsaid: list[str] = []
    title = page.survey.title
    names = _names(title, item, bench.common)
    for text, plain in ((title, title), *_hidden(page)):
        may = (*words, *names) if plain == title else words
        if explains(text, words) or explains(plain, may):
            allowed |= {digest_of(text), digest_of(plain)}
        elif {digest_of(text), digest_of(plain)} & set(
            page.survey.contents.hidden
        ) - allowed:
            unsaid.append(text)
    if set(page.survey.contents.hidden) - allowed:
        yield wording.extra_hidden(unsaid)


def _names(title: str, item: Reviewed | None, common: Common) -> tuple[str, ...]:
    """Return the site's name, where too few pages tell it, beside a title that was cleared."""
    cleared = squeeze(item.title) if item else ""
    return tuple(common.names) if cleared in parts_of(title) else ()


def _hidden(page: SeenPage) -> Iterator[tuple[str, str]]:
    """Yield what is hidden, and the same without the label of a page's metadata."""
    for one in page.survey.shown:
        if one.hidden:
            label, _, value = one.text.partition("：")
            of_meta = one.part == "metadata" and _META.fullmatch(label)
            yield one.text, value if of_meta else one.text


def _deviation(
    page: SeenPage, kind: str, item: Reviewed | None, reasons: tuple[str, ...]
) -> Deviation:
    heading = page.survey.title or next(
        (one.text for one in page.survey.shown if not one.hidden), ""
    )
    return Deviation(
        address=page.address,
        kind=kind,  # type: ignore[arg-type]  # - a standing other than live is a kind
        title=item.title if item else wording.clip(heading),
        digest=page.digest,
        case=item.case if item else None,
        department=item.department if item else None,
        reasons=reasons,
    )
