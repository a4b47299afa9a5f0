"""Level markings and internal markings, told apart from talk about them.

A marking is a level with its star and period (机密★10年), a labelled level
(密级：机密), a level alone on its line, a secret document number
(〔2024〕密3号) or an internal stamp (内部资料 注意保存). A text that
explains, quotes as an example or shows something declassified is exempt.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import regex

from review.detect.interface import Detection, Exemption, Finding, Level, Severity, Tier
from review.normalize.interface import NormalizedText, Passage
from review.spans import Span

_LEVELS: Final[Mapping[str, Level]] = {
    "绝密": "top_secret",
    "机密": "secret",
    "秘密": "confidential",
}
_CLAUSES: Final[Mapping[Level, tuple[str, ...]]] = {
    "top_secret": ("001:51(1)", "001:10(1)1"),
    "secret": ("001:51(1)", "001:10(2)1"),
    "confidential": ("001:51(1)", "001:10(3)1"),
}


@dataclass(frozen=True, slots=True)
class _Form:
    """One way in which a marking is written."""

    name: str
    pattern: regex.Pattern[str]
    score: float
    what: str
    internal: bool = False


def _form(
    name: str, pattern: str, score: float, what: str, *, internal: bool = False
) -> _Form:
    return _Form(name, regex.compile(pattern, regex.MULTILINE), score, what, internal)


# Separators put between the two characters are looked through; 工作秘密 and
# 商业秘密 are other things.
_LEVEL: Final = r"(?<!工作|商业)(?P<level>[绝机秘][\s.·*_|/-]{0,3}密)"
_PERIOD: Final = (
    r"(?:[0-9]{1,3}\s?(?:年|个月|月|天|日)|长期|启封|启用前|启用后[^,。]{0,6}|解密前"
    r"|[一二三四五六七八九十]{1,3}(?:年|个月))"
)
FORMS: Final[tuple[_Form, ...]] = (
    _form("star", rf"{_LEVEL}(?:级)?\s?★\s?{_PERIOD}?", 0.98, "密级标志"),
    _form("dot", rf"{_LEVEL}\s?[·.]\s?{_PERIOD}", 0.97, "密级标志"),
    _form(
        "label",
        rf"(?:密级|涉密等级|定密)\s?[:为]?\s?[:为]\s?[“\"]?{_LEVEL}",
        0.96,
        "密级标注",
    ),
    _form(
        "period",
        rf"{_LEVEL}[(]?\s?(?:保密期限|期限)[:为]?\s?{_PERIOD}",
        0.96,
        "密级和保密期限",
    ),
    _form(
        "number",
        r"[(〔\[【](?:19|20)[0-9]{2}[)〕\]】]\s?密\s?(?:字)?(?:第)?\s?[0-9]{1,4}\s?号",
        0.95,
        "密件文号",
    ),
    _form(
        "agency-number",
        r"[\u4e00-\u9fff]{0,4}密(?:发|函|电|字)?\s?[(〔\[【](?:19|20)[0-9]{2}[)〕\]】]\s?(?:第)?[0-9]{1,4}号",
        0.94,
        "密件文号",
    ),
    _form(
        "alone",
        rf"^\s*[“\"(【\[]?{_LEVEL}(?:件|级文件|文件)?[”\")】\]]?\s*(?:编号|№|No\.?|第[0-9]{{1,6}}号)?[:\s]*[0-9]{{0,6}}\s*$",
        0.93,
        "单独成行的密级字样",
    ),
    _form(
        "copy-number",
        rf"{_LEVEL}(?:级)?\s{{0,3}}(?:编号|份号|序号)[:：]?\s?[0-9]{{3,6}}",
        0.95,
        "密级和份号",
    ),
    _form(
        "telegram",
        r"(?:^|[(【\[\s])(?:密码电报|密电)\s?(?:[:第]|特急|加急|[0-9]{3,})|(?:中|省|市)办密电",
        0.92,
        "密码电报",
    ),
    _form(
        "stamp",
        r"(?:内部(?:资料|文件|材料|参考|刊物|情况)|工作秘密)[,。、!\s]{0,3}(?:请)?(?:注意保存|注意保管|不得外传|请勿外传|严禁外传|严禁外泄|阅后(?:收回|销毁|即毁)|妥善保管)",
        0.88,
        "内部标志",
        internal=True,
    ),
    _form(
        "work-secret",
        r"工作秘密\s?★\s?[0-9长]{1,3}(?:年|期)?",
        0.95,
        "工作秘密标志",
        internal=True,
    ),
    _form(
        "not-open",
        r"(?:此件|本件|该件)(?:不予公开|不公开|不宜公开|不得公开|不得上网|请勿上网|依申请公开)|(?:^|\s)[(【]?(?:不予公开|内部件|内部发文|内部明电)[)】]?\s*$",
        0.85,
        "公开属性标注",
        internal=True,
    ),
    _form(
        "read-and-return",
        r"阅后(?:收回|即焚|即毁|销毁|退还|归还)|不得(?:翻印|复印|摘抄)(?:、(?:翻印|复印|摘抄|转发|上网))*[。!\s]*$",
        0.72,
        "收回、禁复制的要求",
        internal=True,
    ),
)
_MAY_MARK: Final = regex.compile(
    "密|内部|阅后|不公开|不予公开|不得|请勿|工作秘密|依申请公开"
)

_EXPLAINS: Final = regex.compile(
    r"例如|比如|譬如|知识|课堂|小贴士|提示[:：]|由[^。]{0,20}组成|标志由|标识由|标志的|写法|识别|认识|辨认|什么是|"
    r"应当(?:标明|标注|做出|作出)|须标|应标|标注要求|标志规定|竞赛|考试题|判断题|单选|保密法|条例|规定,|规定[,，]|"
    r"看到[^。]{0,18}(?:请|应|要|立即)|不得(?:携带|复制|存储|处理)|严禁(?:复制|携带|存储|将)|禁止|培训|讲座|宣传"
)
_LIFTED: Final = regex.compile(
    r"已解密|解密(?:开放|公布|后|档案|文件)|经[^。]{0,12}解密|依法解密|书面解密"
)
_SHOWN: Final = regex.compile(
    r"降密|展柜|陈列|展览|档案馆.{0,10}开放|历史档案|影片|小说|电视剧|剧中|游戏|民国|抗战|解放战争"
)
_EXAMPLE: Final = regex.compile(
    r"例如|比如|譬如|知识|课堂|竞赛|判断题|什么是|由[^。]{0,20}组成|标[志识]由|应当(?:标明|标注)|三部分"
)
_BEFORE_A_MARK: Final = " \t\n\u3000“\"'‘（(【[《〔"
_TALK: Final = "讲解密级标志的知识或要求，不是标志本身"
_GENUINE: Final = regex.compile(
    r"该(?:通知|件|文|函|通报)|此件|本件|首页|文号|全文|转发|来文|主送|抄送|印发|第[一二三四五六七八九十]条|请于|密复|报送|份号|编号|执行情况"
)


class MarkingDetector:
    """Markings at work on passages."""

    def detect(self, text: NormalizedText) -> Detection:
        """Report every marking; one that is only talked about is exempt."""
        findings: list[Finding] = []
        exemptions: list[Exemption] = []
        for passage in text.passages:
            if _MAY_MARK.search(passage.text) is None:
                continue
            for finding in _marks(passage):
                because = _only_talk(finding, passage, text.title)
                if because is None:
                    findings.append(finding)
                else:
                    exemptions.append(Exemption(finding, because))
        return Detection(tuple(findings), tuple(exemptions))


def _marks(passage: Passage) -> list[Finding]:
    found: list[Finding] = []
    taken: list[Span] = []
    for form in FORMS:
        for match in form.pattern.finditer(passage.text):
            span = Span(match.start(), match.end())
            if all(span.end <= one.start or one.end <= span.start for one in taken):
                taken.append(span)
                found.append(_finding(form, match, passage))
    return found


def _only_talk(finding: Finding, passage: Passage, title: str) -> str | None:
    """Return why the marking is merely mentioned, or None if it is genuine.

    Where a marking heads its passage, as on a paper's first line, neither the
    title nor what follows excuses it: only that it is an example or lifted.
    """
    text = passage.text
    heads = not passage.source[: finding.span.start].strip(_BEFORE_A_MARK)
    if _LIFTED.search(text):
        return "说的是已解密的材料"
    if heads:
        return _TALK if _EXAMPLE.search(text) else None
    if _SHOWN.search(text) or _SHOWN.search(title):
        return "说的是用于展示的材料"
    if _GENUINE.search(text) and not _EXAMPLE.search(text):
        return None
    return _TALK if _EXPLAINS.search(text) else None


def _finding(form: _Form, match: regex.Match[str], passage: Passage) -> Finding:
    span = passage.to_source(Span(match.start(), match.end()))
    level = _level(match)
    tier, severity = _weight(form, level)
    what = f"{form.what}“{' '.join(match[0].split())}”"
    return Finding(
        detector="marking",
        rule=f"marking/{form.name}",
        category="marking",
        tier=tier,
        level=level,
        severity=severity,
        score=form.score,
        reason=f"带有{what}，标有密级的文件材料不得公开"
        if not form.internal
        else f"带有{what}，内部件不得擅自公开",
        clauses=_CLAUSES[level]
        if level
        else ("001:51(1)",)
        if not form.internal
        else ("004:公文的交办", "003-12:16"),
        passage=passage.index,
        span=span,
        text=passage.source[span.start : span.end],
        where=passage.where,
        hidden=passage.hidden,
        releasable_when="依法解密并经原定密单位书面同意之后"
        if not form.internal
        else "经制发单位同意公开之后",
        suggestion="立即停止发布和传播，原件离开联网计算机，报保密办处置"
        if not form.internal
        else "退回制发单位确认能否公开，不得转载原文",
        weighed=(match[0].strip(),),
    )


def _level(match: regex.Match[str]) -> Level | None:
    """Return the level that a marking names, if it names one."""
    named = match.groupdict().get("level")
    return _LEVELS[f"{named[0]}{named[-1]}"] if named else None


def _weight(form: _Form, level: Level | None) -> tuple[Tier, Severity]:
    if form.internal:
        return "internal", "review"
    return "state", "block" if level or form.name.endswith(
        "number"
    ) or form.name == "telegram" else "review"
