"""Invented forms, and what a reader of the files sees in reading order."""

import io
from collections.abc import Callable
from datetime import UTC, date, datetime

import pypdfium2
import pytest
from docx import Document
from docx.table import Table

from review.paper.interface import (
    ClearanceLetter,
    DepartmentCounts,
    EarlierRound,
    FileLine,
    FinalResult,
    FindingLine,
    GapLine,
    IncidentReport,
    LedgerProof,
    MachineScan,
    MonthlySummary,
    Opinion,
    Referral,
    ReferralLetter,
    Register,
    RegisterRow,
    ReviewForm,
    YearlyFigures,
    YearlyRow,
)

PRINTED = datetime(2026, 11, 22, 1, 15, tzinfo=UTC)
NUMBER = "审〔2026〕000123号"
Reader = Callable[[bytes], str]


def _squeezed(text: str) -> str:
    return "".join(text.split()).replace("\ufffe", "")


def _docx_text(data: bytes) -> str:
    parts = []
    for block in Document(io.BytesIO(data)).iter_inner_content():
        if isinstance(block, Table):
            # python-docx names a cell once for each column of the grid
            cells = [cell for row in block.rows for cell in row.cells]
            parts += [one.text for one in {cell._tc: cell for cell in cells}.values()]
        else:
            parts.append(block.text)
    return _squeezed("".join(parts))


def _pdf_text(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    try:
        return _squeezed(
            "".join(page.get_textpage().get_text_range() for page in document)
        )
    finally:
        document.close()


@pytest.fixture(params=["docx", "pdf"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def text_of(kind: str) -> Reader:
    return {"docx": _docx_text, "pdf": _pdf_text}[kind]


@pytest.fixture
def pdf_text() -> Reader:
    return _pdf_text


def _findings() -> tuple[FindingLine, ...]:
    return (
        FindingLine(
            number=1,
            place="第2页正文第7段",
            clauses=("《云山职业学院保密工作管理规定》第十二条第十五项",),
            tier="工作秘密",
            severity="需处置",
            reason="写出了尚未启用的招生考试命题安排，考试启用之后方可公开。",
            disposition="须删改",
            disposer="李样本",
            because="该段涉及命题时间和地点，已从本轮稿件删去。",
            evidence="教务处说明（2026年11月20日）",
        ),
        FindingLine(
            number=2,
            place="《名单.xlsx》工作表“获奖”表1第3行",
            clauses=("《云山职业学院保密工作管理规定》第五十一条第二项",),
            tier="个人隐私",
            severity="不得公开",
            reason="姓名旁边写有身份证号码。",
            disposition="须删改",
            disposer="李样本",
            because="号码已遮盖。",
            excerpt="张示例 5301**********0011",
        ),
        FindingLine(
            number=3,
            place="正文第9段",
            clauses=("《云山职业学院保密工作管理规定》第十条",),
            tier="国家秘密",
            level="机密",
            severity="不得公开",
            reason="出现密级标志样式的文字。",
            disposition="不涉密",
            disposer="王虚构",
            because="引用的是公开法规条文，不是本件的密级标志。",
            evidence="国家法律法规数据库公开文本",
        ),
    )


@pytest.fixture
def review_form() -> ReviewForm:
    return ReviewForm(
        office="云山职业学院保密办公室",
        number=NUMBER,
        title="云山职业学院2026年冬季学期校园开放日活动侧记",
        department="宣传部",
        drafted_by="张示例",
        submitted_by="李样本",
        submitted_at=datetime(2026, 11, 16, 0, 30, tzinfo=UTC),
        source="转载",
        source_number="云职发〔2026〕18号",
        channels=("学院网站", "公众号"),
        planned=date(2026, 11, 25),
        round=2,
        files=(
            FileLine(name="开放日活动侧记.docx", size=182_340, sha256="3f" * 32),
            FileLine(name="获奖名单.xlsx", size=9_120, sha256="a7" * 32, role="附件"),
        ),
        scan=MachineScan(
            at=datetime(2026, 11, 16, 0, 31, tzinfo=UTC),
            verdict="需要人工审查",
            findings=3,
            xianshen="0.2.0",
            lexicons="9c41d2ab77e0",
            model="51e0b3c88a14",
            gaps=(
                GapLine(
                    place="第3页图片",
                    what="图片中没有可读的文字",
                    acknowledged_by="李样本",
                    how="逐图目视，未见文字和证件",
                ),
            ),
        ),
        findings=_findings(),
        first_pass=Opinion(
            conclusion="存疑报保密办",
            opinion="第2处已遮盖。活动安排是否可以公开，本部门不能确定。",
            name="李样本",
            day=date(2026, 11, 17),
        ),
        head=Opinion(
            opinion="同意报保密办审查。", name="赵假定", day=date(2026, 11, 17)
        ),
        secrecy_office=Opinion(
            conclusion="同意公开",
            opinion="经征求来源单位意见，同意按本轮内容公开。",
            name="王虚构",
            day=date(2026, 11, 20),
            ground="",
        ),
        referral=Referral(
            addressee="云山州教育局",
            number="云职保函〔2026〕3号",
            sent=date(2026, 11, 18),
            question="第一段所列活动安排能否在学院网站公开？",
            answer="同意公开。",
            answer_number="云教函〔2026〕9号",
            answered_by="云山州教育局办公室",
            answered=date(2026, 11, 19),
        ),
        leader=Opinion(),
        result=FinalResult(
            result="同意公开",
            clearance="2026-000123-r2-c1",
            valid_from=date(2026, 11, 20),
            valid_until=date(2027, 5, 19),
            channels=("学院网站", "公众号"),
        ),
        earlier=(
            EarlierRound(
                number=1,
                submitted=date(2026, 11, 10),
                result="修改后再审",
                ended=date(2026, 11, 12),
                summary="名单附有身份证号码，退回修改。",
            ),
        ),
        proof=LedgerProof(
            index=345,
            digest="c0ffee12" * 8,
            key="8d21f09a4c5be673",
            verification=(
                "核验：在任一台装有先审的计算机上运行 xianshen records verify，"
                "或用公开的核验程序检查导出的记录，末端摘要应与上列一致。"
            ),
        ),
        printed_at=PRINTED,
    )


@pytest.fixture
def bare_form() -> ReviewForm:
    return ReviewForm(
        office="",
        number="",
        title="",
        department="",
        drafted_by="",
        submitted_by="",
        submitted_at=PRINTED,
        source="",
        channels=(),
        round=1,
        files=(),
        printed_at=PRINTED,
    )


@pytest.fixture
def incident() -> IncidentReport:
    return IncidentReport(
        kind="泄密隐患",
        number="云职泄报〔2026〕1号",
        office="云山职业学院保密办公室",
        addressee="云山州委机要和保密局",
        discovered_at=datetime(2026, 11, 21, 1, 5, tzinfo=UTC),
        deadline=datetime(2026, 11, 22, 1, 5, tzinfo=UTC),
        discovered_place="信息公开保密审查系统（上传环节）",
        facts=(
            "审查件编号：审〔2026〕000131号，上传部门：某系，上传时间：2026年11月21日09:05。",
            f"文件摘要（SHA-256）：{'be' * 32}",
            "系统发现密级标志后已立即封存，记录序号412。",
        ),
        printed_at=PRINTED,
    )


@pytest.fixture
def letter() -> ReferralLetter:
    return ReferralLetter(
        kind="请示",
        number="云职保请〔2026〕2号",
        office="云山职业学院保密办公室",
        addressee="云山州国家保密局",
        case=NUMBER,
        title="云山职业学院2026年冬季学期校园开放日活动侧记",
        question="文中第三段所列设备采购安排是否属于工作秘密，能否在学院网站公开？",
        background="该段摘自学院内部通报，通报未标密级，我办与起草部门意见不一。",
        day=date(2026, 11, 22),
        answer_by=date(2026, 12, 21),
        attachments=("信息公开保密审查表", "送审稿件第三段"),
        contact="李样本",
        telephone="0000-0000000",
        copy_to="云山州教育局",
        printed_at=PRINTED,
    )


@pytest.fixture
def register() -> Register:
    rows = tuple(
        RegisterRow(
            number=f"审〔2026〕{number:06d}号",
            title="云山职业学院2026年冬季学期校园开放日活动侧记",
            department="宣传部",
            submitted_by="李样本",
            submitted=date(2026, 11, 10),
            source="自拟",
            channels=("学院网站", "公众号"),
            rounds=2,
            findings=3,
            state="已公开",
            first_reviewer="李样本",
            first_conclusion="同意公开",
            outcome="同意公开",
            signer="王虚构",
            signed=date(2026, 11, 20),
            clearance=f"2026-{number:06d}-r2-c1",
            valid_until=date(2027, 5, 19),
            published="https://www.example.edu.cn/news/1.html（2026年11月21日）",
            working_days=8,
            overdue=number == 2,
            ledger_index=345 + number,
        )
        for number in range(1, 41)
    )
    return Register(
        office="云山职业学院保密办公室",
        since=date(2026, 11, 1),
        until=date(2026, 11, 30),
        rows=rows,
        printed_at=PRINTED,
    )


def _counts() -> tuple[DepartmentCounts, ...]:
    return (
        DepartmentCounts(
            department="宣传部",
            submitted=20,
            rounds=27,
            cleared=11,
            cleared_after_changes=5,
            partly=1,
            refused=1,
            withdrawn=1,
            referred=3,
            concluded=19,
            working_days=57,
            overdue=1,
            findings=64,
        ),
        DepartmentCounts(
            department="教务处",
            submitted=4,
            rounds=5,
            cleared=1,
            concluded=1,
            working_days=9,
            findings=12,
            incidents=1,
        ),
        DepartmentCounts(department="图书馆"),
    )


@pytest.fixture
def monthly() -> MonthlySummary:
    return MonthlySummary(
        office="云山职业学院保密办公室",
        year=2026,
        month=11,
        rows=_counts(),
        prepared_by="王虚构",
        printed_at=PRINTED,
    )


@pytest.fixture
def yearly() -> YearlyFigures:
    return YearlyFigures(
        office="云山职业学院保密办公室",
        year=2026,
        rows=tuple(
            YearlyRow(counts=one, first_round=one.cleared, overturned=1)
            for one in _counts()
        ),
        prepared_by="王虚构",
        printed_at=PRINTED,
    )


@pytest.fixture
def clearance() -> ClearanceLetter:
    return ClearanceLetter(
        office="云山职业学院",
        number=NUMBER,
        case="2026-000123",
        title="学院举行秋季运动会",
        department="宣传部",
        drafted_by="王虚构",
        round=2,
        channels=("网站", "公众号"),
        valid_from=PRINTED,
        valid_until=datetime(2027, 5, 21, 1, 15, tzinfo=UTC),
        clearance="许〔2026〕000123号",
        contents="a" * 64,
        token="b" * 64,
        files=(
            FileLine(name="正文.docx", size=18_234, sha256="c" * 64, role="正文"),
            FileLine(name="名单.xlsx", size=9_021, sha256="d" * 64, role="附件"),
        ),
        signed_by="李样本",
        signed=date(2026, 11, 22),
        printed_at=PRINTED,
        address="https://review.example.edu.cn/verify/2026-000123",
    )
