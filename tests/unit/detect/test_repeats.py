"""Refused texts are known again; papers that merely sound alike are not."""

import itertools
import random
from collections.abc import Iterable, Mapping, Sequence

import pytest

from review.detect.interface import Finding
from review.detect.repeats import SCHEME, find_repeats, fingerprints
from review.extract.interface import Block, Document
from review.normalize.interface import NormalizedText
from review.normalize.passages import normalize, single_passage
from review.spans import Location

_KEY = bytes(range(32))
_CASE = "2026-000012"

# Invented texts that must not go out …
_REFUSED = {
    "考务": "云山职业学院期末统考命题组已于周三完成机械制图卷的终审，A卷由张示例保管，B卷锁入教务处二号铁柜。"
    "两套卷子的压轴题都改自实训楼液压台的故障案例，评分细则里规定漏画剖面线扣两分。开考前一小时由两人同时到场启封。",
    "干部": "考察组与二十三名教职工逐一谈话，多数人肯定李样本办事果断，也有六人反映他在食堂招标时先定了供货方再补手续。"
    "组织部建议暂缓提名，待审计室查清那笔四十万元的预付款后再上会讨论，此前不向本人透露谈话内容。",
    "会议": "党委会第十七次会议就西校区地块置换争论近两小时，王甲认为报价低于评估价三成，坚持另请机构重估；"
    "赵乙主张先签意向书锁定地价。表决结果为五票同意、三票反对，会议决定谈判底线不写入纪要，仅由纪检组存档。",
    "财务": "审计室抽查实训耗材账目，发现数控车间三批刀具的入库单早于采购合同，验收人签字笔迹前后不一，"
    "涉及金额十八万六千元。供货的青岚商行与车间主任的亲属地址相同。拟在月底前约谈，约谈之前不通知财务处。",
    "学生": "辅导员日志显示，化工班陈丙连续三晚在天台独坐，室友听他说过活着没意思，心理中心评定为一级关注。"
    "已与其舅舅取得联系，家长要求不让同学知道。中心安排每晚十点由宿管敲门确认，情况每天早上单独报学生处。",
    "采购": "实训楼改造项目的控制价定为九百七十六万元，评标办法把业绩分提到三十分，云河建设和青石工程都符合这一条。"
    "招标代理提醒，若把消防改造单列，云河建设就会失去资格。资产处意见是先不拆包，控制价开标当天再公布。",
    "网络": "网络中心自查发现，教务系统的管理后台仍可从校外直接打开，三个测试账号用的是同一个弱口令，日志只留七天。"
    "漏洞编号和复现步骤另附，补丁要到假期才能装。在此之前只能靠防火墙临时封住八千端口，知情范围限四人。",
    "科研": "横向课题组测得新配方涂层在盐雾箱里坚持了一千二百小时，比合作企业现用的型号高出四成，"
    "关键在于第三步的升温曲线。"
    "企业要求在专利受理之前不发论文，数据只存在实验室那台不联网的电脑上，学生毕业论文也要回避这组结果。",
    "信访": "三名退休教工联名反映旧楼加装电梯的分摊办法不公，扬言国庆前到市里找说法。保卫处已摸清领头人的住处和作息，"
    "建议由他过去的学生出面劝说，同时准备补偿每户两千元的方案。方案只限班子成员掌握，谈成以前不留文字材料。",
    "外事": "来访的三人中有一位曾在境外军工企业任职，主动提出要看无人机实训室的飞控代码，并向周丁索要个人邮箱。"
    "外事办建议改走公开参观路线，把飞控教学平台提前断电收起，接待人员统一说设备送修，结束后当天写出情况报告。",
}
# … and for each one of the same kind on another matter: what the two share is
# what papers of that kind share.
_OTHERS = {
    "考务": "云山职业学院期末统考将于下周三开始，请各考场监考教师提前三十分钟到教务处领取试卷袋，核对考场号和人数。"
    "考生凭学生证入场，手机关机放入前排储物袋。开考后迟到十五分钟的不得入场，监考教师如实填写考场记录。",
    "干部": "经公开报名、资格审查、面试和体检，现将拟聘用的实训指导教师名单予以公布，公示期为五个工作日。"
    "公示期间如有异议，请以书面形式向组织人事处反映，反映情况应当客观真实，并留下姓名和电话便于核实。",
    "会议": "党委会第十八次会议学习了教育工作会议文件，听取了秋季招生工作情况汇报，研究了实训基地建设方案。"
    "会议要求各部门对照任务清单逐项抓好落实，每月底向办公室报送进度，年底统一考核，结果作为评优依据。",
    "财务": "财务处提醒各部门，本年度报销截止时间为十二月二十日，逾期单据转入下一年度处理。差旅费须附行程单和审批表，"
    "耗材采购须附验收单和合同复印件，发票抬头应为学院全称，不符合要求的一律退回重办。",
    "学生": "心理健康活动月期间，学生处将举办团体辅导、心理电影赏析和趣味运动会，欢迎各班同学报名参加。"
    "心理中心每天下午开放咨询室，同学们可以提前在公众号预约，咨询内容严格保密，不收取任何费用。",
    "采购": "实训楼改造项目现面向社会公开招标，凡具备建筑工程施工总承包二级以上资质的企业均可报名。"
    "招标文件自公告之日起五个工作日内在交易中心网站下载，投标文件递交截止时间和开标时间见招标文件，逾期不予受理。",
    "网络": "网络中心定于本周六凌晨对教务系统进行升级维护，期间选课、成绩查询等功能暂停使用，预计早上六点恢复。"
    "请师生提前保存数据，升级后首次登录需要修改密码，新密码不少于十位，应包含大小写字母、数字和符号。",
    "科研": "科研处组织申报本年度院级课题，申报人应为在职教职工，每人限报一项，在研课题未结题的不得申报。"
    "申报书一式三份，经所在部门审核盖章后于月底前交科研处，电子版同时发送到指定邮箱，评审结果另行公布。",
    "信访": "后勤处就旧楼加装电梯征求住户意见，问卷将由楼长逐户发放，请于本月二十五日前填好交回。"
    "加装方案、费用分摊办法和施工安排在公告栏张贴，住户可以在工作日到后勤处查阅图纸，也可以来电咨询。",
    "外事": "友好院校代表团一行三人来校交流，参观了图书馆、校史馆和实训中心，观摩了学生技能展示。"
    "双方就师资互访、学生短期研修和联合举办技能比赛交换了意见，商定明年春季互派教师开展为期两周的教学观摩。",
}
# The same by another hand: a tenth or so of the words changed.
_BY_HAND = {
    "考务": "云山职业学院期末统考命题小组已于周四完成机械制图试卷的终审，A卷由张示例保管，B卷存入教务处二号铁柜。"
    "两套试卷的压轴题都改自实训楼液压台的故障实例，评分细则里规定漏画剖面线扣三分。开考前半小时由两人同时到场启封。",
    "财务": "审计室抽查实训耗材账时发现，数控车间有三批刀具的入库单早于采购合同，验收人签字笔迹前后不同，"
    "涉及金额十九万元。供货的青岚商行与车间主任亲属的地址相同。准备在月底前约谈，约谈之前不告知财务处。",
    "采购": "实训楼改造工程的控制价定为九百七十万元，评标办法把业绩分提高到三十分，云河建设和青石工程都符合这一条件。"
    "招标代理提醒，如果把消防改造单列，云河建设就会失去资格。资产处的意见是先不拆包，控制价到开标当天再公布。",
}
_BOILERPLATE = (
    "各院部、各部门：\n为认真落实上级有关文件精神，结合学院实际，经学院研究决定，现将有关事项通知如下：",
    "一、提高思想认识，加强组织领导。",
    "请各部门高度重视，认真抓好落实，明确责任，落实到人，确保各项工作落到实处。特此通知，请遵照执行。",
    "以新时代中国特色社会主义思想为指导，全面贯彻落实党的二十大和二十届历次全会精神。",
    "深刻领悟“两个确立”的决定性意义，增强“四个意识”、坚定“四个自信”、做到“两个维护”，落实立德树人根本任务。",
    "公示期间如有异议，请以书面形式向保密办实名反映。特此公示。",
)


def _draft(*paragraphs: str) -> NormalizedText:
    blocks = tuple(
        Block(text, Location(paragraph=at)) for at, text in enumerate(paragraphs, 1)
    )
    return normalize(Document("稿.docx", "docx", "", 0, blocks))


def _found(
    draft: NormalizedText, refused: Mapping[str, NormalizedText] | NormalizedText
) -> tuple[Finding, ...]:
    if isinstance(refused, NormalizedText):
        refused = {_CASE: refused}
    kept = {case: set(fingerprints(one, key=_KEY)) for case, one in refused.items()}

    def known(asked: Sequence[int]) -> Mapping[int, tuple[str, ...]]:
        assert list(asked) == sorted(set(asked))
        return {
            one: tuple(case for case, has in kept.items() if one in has)
            for one in asked
            if any(one in has for has in kept.values())
        }

    return find_repeats(draft, key=_KEY, known=known)


def _edited(text: str, chance: random.Random) -> str:
    """Return `text` with a tenth of its characters changed, two at a time."""
    letters = list(text)
    for at in chance.sample(range(0, len(text) - 1, 2), len(text) // 20):
        letters[at : at + 2] = chance.choices("山水云月花木金石田禾", k=2)
    return "".join(letters)


def _paragraphs(names: Iterable[str]) -> list[str]:
    return [_REFUSED[name] for name in names]


@pytest.mark.parametrize("name", _REFUSED)
def test_the_same_text_is_found(name: str) -> None:
    (finding,) = _found(_draft(_REFUSED[name]), _draft(_REFUSED[name]))
    assert finding.detector == "duplicate"
    assert (finding.category, finding.tier) == ("marking", "internal")
    assert (finding.severity, finding.level) == ("review", None)
    assert finding.reason.startswith(f"与不予公开件 {_CASE} 高度相似")
    assert finding.text in _REFUSED[name]
    assert len(finding.text) > 0.9 * len(_REFUSED[name])
    assert finding.weighed == (_CASE,)


@pytest.mark.parametrize("name", _REFUSED)
def test_another_paper_of_the_same_kind_passes(name: str) -> None:
    refused, other = _REFUSED[name], _OTHERS[name]
    assert _found(_draft(other), _draft(refused)) == ()
    assert _found(_draft(refused), _draft(other)) == ()


@pytest.mark.parametrize("name", _REFUSED)
@pytest.mark.parametrize("seed", range(3))
def test_a_tenth_of_the_characters_edited_is_found(name: str, seed: int) -> None:
    edited = _edited(_REFUSED[name], random.Random(seed))  # noqa: S311 - only an example
    assert edited != _REFUSED[name]
    assert len(_found(_draft(edited), _draft(_REFUSED[name]))) == 1


@pytest.mark.parametrize("name", _BY_HAND)
def test_a_version_by_another_hand_is_found(name: str) -> None:
    assert len(_found(_draft(_BY_HAND[name]), _draft(_REFUSED[name]))) == 1


def test_paragraphs_in_another_order_are_one_repeat() -> None:
    refused = _paragraphs(("考务", "财务", "网络", "外事"))
    (finding,) = _found(_draft(*reversed(refused)), _draft(*refused))
    assert finding.passage == 0
    assert "连续 4 段" in finding.reason


def test_a_part_in_a_longer_draft_is_found_where_it_stands() -> None:
    harmless = tuple(_OTHERS.values())
    draft = _draft(*harmless[:3], _REFUSED["采购"], *harmless[3:])
    (finding,) = _found(draft, _draft(*_paragraphs(_REFUSED)))
    assert finding.passage == 3
    assert finding.where == Location(paragraph=4)


def test_a_part_inside_a_paragraph_is_found() -> None:
    part = _REFUSED["科研"][:75]
    paragraph = _OTHERS["科研"] + part + _OTHERS["外事"]
    (finding,) = _found(_draft(paragraph), _draft(_REFUSED["科研"]))
    assert finding.text.startswith(part[:8])
    assert len(finding.text) < 90


def test_a_part_inside_a_paragraph_is_found_though_words_of_it_are_changed() -> None:
    part = "".join(
        "某" if at % 18 == 17 else char for at, char in enumerate(_REFUSED["信访"])
    )
    paragraph = _OTHERS["科研"] + part + _OTHERS["外事"] + _OTHERS["财务"]
    (finding,) = _found(single_passage(paragraph), _draft(_REFUSED["信访"]))
    assert len(finding.text) > 0.9 * len(part)


def test_phrases_strewn_over_a_long_paragraph_are_no_repeat() -> None:
    """Fifty characters shared, a sixth of the paragraph, never in one stretch."""
    text = _REFUSED["采购"]
    others = (_OTHERS[name] for name in ("考务", "学生", "网络", "科研"))
    paragraph = "".join(
        other + text[at : at + 17]
        for other, at in zip(others, (0, 30, 60), strict=False)
    )
    assert _found(single_passage(paragraph), _draft(text)) == ()


def test_a_long_refused_paper_is_known_by_one_of_its_paragraphs() -> None:
    refused = _draft(*_paragraphs(_REFUSED))
    for part in _REFUSED.values():
        assert len(_found(_draft(part), refused)) == 1


@pytest.mark.parametrize("text", _BOILERPLATE)
def test_boilerplate_alone_repeats_nothing(text: str) -> None:
    assert _found(_draft(text), _draft(text, _REFUSED["会议"])) == ()


def test_two_papers_with_the_same_boilerplate_pass() -> None:
    for name, refused in _REFUSED.items():
        other = _OTHERS[name]
        paper = _draft(*_BOILERPLATE[:5], refused, *_BOILERPLATE[5:])
        assert _found(_draft(*_BOILERPLATE[:5], other, *_BOILERPLATE[5:]), paper) == ()


def test_boilerplate_around_it_hides_nothing() -> None:
    refused = _REFUSED["信访"]
    halves = f"{refused[:60]}请遵照执行。{refused[60:]}"
    (finding,) = _found(_draft(*_BOILERPLATE, halves, *_BOILERPLATE), _draft(refused))
    assert finding.passage == len(_BOILERPLATE)


@pytest.mark.parametrize(
    "touched",
    [
        lambda text: "".join(f"{char} " for char in text),
        "、".join,
        "\u200b".join,
        lambda text: text.replace("，", ",").replace("。", " . "),
        lambda text: text.replace("A", "\uff21").replace("B", "\uff42"),
        lambda text: text.translate(
            str.maketrans("云学统终张管实训规", "雲學統終張管實訓規")
        ),
        lambda text: "\n".join(text[at : at + 9] for at in range(0, len(text), 9)),
    ],
    ids=["spaced", "dotted", "invisible", "marks", "width", "variants", "wrapped"],
)
def test_no_disguise_hides_a_repeat(touched: object) -> None:
    assert callable(touched)
    text = _REFUSED["考务"]
    assert touched(text) != text
    (finding,) = _found(single_passage(touched(text)), single_passage(text))
    assert finding.score > 0.9


def test_rewrapping_into_short_lines_hides_nothing() -> None:
    text = _REFUSED["网络"]
    lines = [text[at : at + 12] for at in range(0, len(text), 12)]
    (finding,) = _found(_draft(*lines), _draft(text))
    assert f"连续 {len(lines)} 段" in finding.reason


def test_a_number_between_does_not_part_a_repeat() -> None:
    refused = _paragraphs(("考务", "财务"))
    (finding,) = _found(_draft(refused[0], "二、", refused[1]), _draft(*refused))
    assert "连续 2 段" not in finding.reason
    assert "连续 3 段" in finding.reason


def test_no_short_heading_parts_a_repeat() -> None:
    for first, second in itertools.permutations(_REFUSED.values(), 2):
        draft = _draft(first, "补充情况说明", second)
        assert len(_found(draft, _draft(first, second))) == 1


def test_a_harmless_paragraph_between_parts_it() -> None:
    refused = _paragraphs(("考务", "财务"))
    draft = _draft(refused[0], _OTHERS["学生"], refused[1])
    found = _found(draft, _draft(*refused))
    assert [one.passage for one in found] == [0, 2]


def test_cases_with_the_same_text_are_named_together() -> None:
    refused = {f"2026-{number:06}": _draft(_REFUSED["会议"]) for number in range(1, 6)}
    (finding,) = _found(_draft(_REFUSED["会议"]), refused)
    assert "2026-000001、2026-000002、2026-000003 等 5 件" in finding.reason
    assert len(finding.weighed) == 5


def test_parts_of_two_cases_are_two_findings() -> None:
    draft = _draft(_REFUSED["学生"], _REFUSED["外事"])
    refused = {
        "2026-000002": _draft(_REFUSED["外事"]),
        "2026-000001": _draft(_REFUSED["学生"]),
    }
    found = _found(draft, refused)
    assert [(one.passage, one.weighed) for one in found] == [
        (0, ("2026-000001",)),
        (1, ("2026-000002",)),
    ]


def test_scraps_of_many_cases_are_no_repeat_of_one() -> None:
    """Half a sentence of each, together as long as a paragraph."""
    scraps = [text[:20] for text in _REFUSED.values()]
    refused = {name: _draft(text) for name, text in _REFUSED.items()}
    assert _found(_draft("，".join(scraps)), refused) == ()


def test_a_short_sentence_is_too_little() -> None:
    short = _REFUSED["采购"][:30]
    assert _found(_draft(short), _draft(_REFUSED["采购"])) == ()


def test_one_phrase_time_and_again_is_too_little() -> None:
    refused = _draft("第一车间由二级升为三级；第二车间由二级升为三级。")
    draft = "；".join(f"{name}由二级升为三级" for name in ("甲乙", "丙丁", "戊己") * 4)
    assert _found(_draft(draft), refused) == ()


def test_the_head_of_a_table_is_everybodys() -> None:
    head = (
        "序号",
        "姓名",
        "性别",
        "出生年月",
        "政治面貌",
        "所在学院专业",
        "身份证件号码",
        "联系电话号码",
        "家庭详细住址",
        "奖励金额及等级",
    )

    def table(*rows: tuple[str, ...]) -> NormalizedText:
        blocks = tuple(
            Block("\t".join(row), Location("table", row=at), role="row", cells=row)
            for at, row in enumerate(rows, 1)
        )
        return normalize(Document("表.xlsx", "xlsx", "", 0, blocks))

    row = (
        "1",
        "张示例",
        "男",
        "二〇〇五年三月",
        "团员",
        "机电学院数控技术",
        "略",
        "略",
        "青岚县滨河路二十号",
        "国家励志奖学金一等",
    )
    other = (
        "1",
        "李样本",
        "女",
        "二〇〇六年八月",
        "群众",
        "化工学院药品生产",
        "略",
        "略",
        "云河镇东街一百零六号",
        "院级技能比赛三等",
    )
    assert _found(table(head, other), table(head, row)) == ()
    assert len(_found(table(head, row), table(head, row))) == 1


def test_hidden_text_is_read_too() -> None:
    block = Block(_REFUSED["干部"], Location("comment"), hidden=True)
    draft = normalize(Document("稿.docx", "docx", "", 0, (block,)))
    (finding,) = _found(draft, _draft(_REFUSED["干部"]))
    assert finding.hidden
    assert finding.where.part == "comment"


def test_nothing_is_asked_of_a_text_without_words() -> None:
    def known(_: Sequence[int]) -> Mapping[int, tuple[str, ...]]:
        raise AssertionError("asked")

    assert find_repeats(_draft("——", "（一）"), key=_KEY, known=known) == ()


def test_capitals_are_letters_like_any() -> None:
    text = "Backup of vault server at Qinglan runs nightly via SSH port twenty two"
    one = fingerprints(single_passage(text), key=_KEY)
    assert one == fingerprints(single_passage(text.upper()), key=_KEY)


def test_another_key_gives_other_numbers() -> None:
    text = _draft(_REFUSED["外事"])
    one = set(fingerprints(text, key=_KEY))
    two = set(fingerprints(text, key=bytes(32)))
    assert one
    assert two
    assert one.isdisjoint(two)


def test_the_numbers_are_what_they_were() -> None:
    """Stored ones must stay comparable: a change here needs another SCHEME."""
    assert SCHEME == "winnow-7-4/1"
    numbers = fingerprints(single_passage("云山职业学院期末试卷，第A卷。"), key=_KEY)
    assert numbers == (1332928751932841086, 1644840527656240494)


@pytest.mark.parametrize("length", [0, 15, 65])
def test_a_key_has_a_fitting_length(length: int) -> None:
    with pytest.raises(ValueError, match="16 to 64"):
        fingerprints(_draft("云"), key=bytes(length))
