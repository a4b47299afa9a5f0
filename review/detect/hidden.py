"""Hidden content is a notice of its own: nobody sees it, everybody can read it.

The other detectors run over hidden text too; this one tells the reviewer
that it is there at all, once for each part of a file.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from review.detect.interface import Detection, Finding
from review.normalize.interface import NormalizedText, Passage
from review.spans import Part, Span

_NAMES: Final[Mapping[Part, str]] = {
    "comment": "批注",
    "insertion": "修订插入的文字",
    "deletion": "修订删除的文字",
    "hidden": "隐藏的文字、行列或工作表",
    "metadata": "文件属性",
    "annotation": "注释",
    "layer": "关闭的图层",
    "notes": "演讲者备注",
    "attachment": "内嵌文件",
    "image": "图片替代文字",
    "textbox": "文本框",
    "header": "页眉",
    "footer": "页脚",
    "footnote": "脚注",
}
# Properties that every saved file carries are not worth a line each.
_QUIET: Final[frozenset[Part]] = frozenset({"metadata", "image"})


class HiddenDetector:
    """Hidden parts of a file."""

    def detect(self, text: NormalizedText) -> Detection:
        """Report each kind of hidden part once, at its first place."""
        hidden = [one for one in text.passages if one.hidden]
        counts = Counter(one.where.part for one in hidden)
        first: dict[Part, Passage] = {}
        for one in hidden:
            first.setdefault(one.where.part, one)
        return Detection(
            tuple(
                _finding(part, passage, counts[part])
                for part, passage in first.items()
                if part not in _QUIET
            )
        )


def _finding(part: Part, passage: Passage, count: int) -> Finding:
    name = _NAMES.get(part, "隐藏内容")
    return Finding(
        detector="hidden",
        rule=f"hidden/{part}",
        category="marking",
        tier="internal",
        severity="notice",
        score=0.2,
        reason=f"隐藏内容：文件里有{name} {count} 处，页面上看不到，发布后别人仍能读到",
        clauses=("001:51(3)",),
        passage=passage.index,
        span=Span(0, len(passage.source)),
        text=passage.source,
        where=passage.where,
        hidden=True,
        releasable_when=None,
        suggestion="发布前接受或拒绝全部修订，删去批注和隐藏内容，另存为干净的文件",
        weighed=(name,),
    )
