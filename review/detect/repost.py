"""Full-text reposts of central and provincial documents (001:52(3)).

A unit's site links to the official page; it does not copy the document.
What tells a copy from a mention is the document's number or formal title
together with its body: salutation, numbered sections and length.
"""

from typing import Final

import regex

from review.detect.interface import Detection, Finding
from review.normalize.interface import NormalizedText, Passage
from review.spans import Span

_PROVINCES: Final = "京津沪渝冀豫云辽黑湘皖鲁苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼新"
NUMBER: Final = regex.compile(
    r"(?:中发|中办发|中办通报|国发|国办发|国函|国办函|中央军委|厅字|中委|中宣发|中组发|组通字"
    rf"|[{_PROVINCES}](?:发|办发|委|政|府|政发|政办发|委发|委办发|党发|办字|办|厅字|政函|政办函|教党?|教[\u4e00-\u9fff]{{0,2}}))"
    r"[(〔\[【](?:19|20)[0-9]{2}[)〕\]】]\s?第?[0-9]{1,4}号"
)
_TITLE: Final = regex.compile(
    r"(?:中共中央|国务院|中央办公厅|国务院办公厅|[\u4e00-\u9fff]{2,8}(?:省委|省人民政府|自治区党委|自治区人民政府|市委|省政府)(?:办公厅)?)"
    r"[\u4e00-\u9fff、\s]{0,20}(?:关于)?[^。]{0,60}(?:的)?(?:意见|通知|决定|办法|规定|条例|方案|规划|批复|函|通报|纲要)$"
)
_SALUTATION: Final = regex.compile(
    r"^各[\u4e00-\u9fff、,()]{4,60}[:：]?$|各(?:省|市|州|县|地|盟)[^。]{2,60}[:：]"
)
_SECTION: Final = regex.compile(
    r"^\s*(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\)|第[一二三四五六七八九十]{1,3}[条章])"
)
_FULL_TEXT: Final = regex.compile(
    r"全文(?:公开)?(?:转发|转载|如下|照登|刊登|印发)|(?:转发|转载)[^。]{0,30}全文|原文(?:照录|转发|如下)"
)
_LINK: Final = regex.compile(
    r"官方网站链接|点击(?:链接|查看|阅读)|原文链接|链接[:：]|全文见|详见[^。]{0,16}(?:网|链接)|https?://[^\s]*gov\.cn"
)
_LONG: Final = 500
_SECTIONS: Final = 3


class RepostDetector:
    """Copies of documents from above."""

    def detect(self, text: NormalizedText) -> Detection:
        """Report the number or title of a document that stands here in full."""
        head = text.passages[:14]
        mark = _mark(head, text.title)
        if mark is None or any(_LINK.search(one.text) for one in text.passages):
            return Detection()
        if not _is_full_text(text):
            return Detection()
        passage, span, what = mark
        return Detection((_finding(passage, span, what),))


def _mark(head: tuple[Passage, ...], title: str) -> tuple[Passage, Span, str] | None:
    for passage in head:
        found = NUMBER.search(passage.text)
        if found:
            return passage, Span(found.start(), found.end()), found[0]
    for passage in head[:4]:
        line = passage.text.strip().replace("\n", "")
        if _TITLE.match(line):
            return passage, Span(0, len(passage.text)), line
    if head and _TITLE.match(title):
        return head[0], Span(0, len(head[0].text)), title
    return None


def _is_full_text(text: NormalizedText) -> bool:
    body = [one for one in text.passages if not one.hidden]
    if any(_FULL_TEXT.search(one.text) for one in body):
        return True
    sections = sum(bool(_SECTION.match(one.text)) for one in body)
    salutation = any(_SALUTATION.search(one.text) for one in body[:14])
    length = sum(len(one.text) for one in body)
    return length >= _LONG and (salutation or sections >= _SECTIONS) and sections >= 1


def _finding(passage: Passage, span: Span, what: str) -> Finding:
    source = passage.to_source(span)
    return Finding(
        detector="repost",
        rule="repost/full-text",
        category="upstream",
        tier="internal",
        severity="review",
        score=0.85,
        reason=f"像是全文转载上级文件（{what[:40]}）；部门网站原则上不得全文转载中央和省级文件",
        clauses=("001:52(3)",),
        passage=passage.index,
        span=source,
        text=passage.source[source.start : source.end],
        where=passage.where,
        hidden=passage.hidden,
        releasable_when="制发机关已在官方网站公开，并改为提供链接",
        suggestion="改为标题加官方网站链接；确需转载的报保密办",
        weighed=(what[:40],),
    )
