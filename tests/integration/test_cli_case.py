"""The review on the command line: the whole journey as people and scripts run it."""

import io
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pypdfium2
import pytest
import regex
from docx import Document
from openpyxl import load_workbook

from review import clock
from review.clearance import offline
from review.contents.canonical import contents_of
from tests.command import Command, Ran

_DRAFT = (
    "学院举行秋季运动会\n"
    "学院秋季运动会昨日在田径场举行，各班同学踊跃参加，现场气氛热烈。\n"
    "联系人手机13800000001\n"
)
_MARKED = "机密★5年\n关于虚构事项的报告\n各部门：现将虚构的有关事项报告如下。\n"
_NUMBER = "2026-000001"

# Each run loads the program anew, which takes a second or more.
pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Journey(Command):
    """The command, where nothing may be said beside what is asked for."""

    def __call__(self, *arguments: str | Path, code: int = 0, said: str = "") -> str:
        """Run what must go well; return what it prints."""
        done = self.run(*arguments, said=said)
        assert (done.code, done.err) == (code, ""), (arguments, done.out, done.err)
        return done.out

    def refused(self, *arguments: str | Path) -> str:
        """Run what must be refused, in one Chinese line; return the line."""
        done = self.run(*arguments)
        assert done.code == 2, (arguments, done)
        lines = done.err.strip().splitlines()
        assert len(lines) == 1, done.err
        assert lines[0].startswith(("错误：", "用法不对："))
        assert regex.search(r"\p{Han}", lines[0])
        return lines[0]


def _days() -> tuple[str, ...]:
    return (
        "--from",
        "2026-01-01",
        "--until",
        "2035-12-31",
        "--ground",
        "云职院〔2026〕3号",
    )


def _appoint(command: Journey, account: str, name: str, post: str, *more: str) -> None:
    said = command(
        *("users", "appoint", account, "--name", name, "--post", post),
        *_days(),
        *("--as", "security"),
        *more,
    )
    assert name in said


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data folder of an office that is set up, to be copied."""
    command = Journey(tmp_path_factory.mktemp("office") / "data")
    assert "还没有初始化" in command.refused("case", "list", "--as", "zhang")
    assert "已就绪" in command("db", "upgrade")
    for account, name, post in (
        ("security", "吴安全", "安全管理员"),
        ("audit", "郑审计", "审计员"),
    ):
        said = command(
            *("users", "found", account, "--name", name, "--post", post), *_days()
        )
        assert name in said
    _appoint(command, "zhang", "张示例", "部门初审员", "--department", "宣传部")
    _appoint(command, "li", "李样本", "保密办审查员")
    _appoint(command, "sun", "孙举例", "分管领导")
    return command.folder


def _submit(
    command: Journey, text: str, *more: str, name: str = "稿件.txt"
) -> tuple[str, Path]:
    """Hand an item in; return its number and its file."""
    path = command.folder.parent / name
    path.write_text(text, "utf-8")
    said = command(
        *("case", "submit", path, "--title", "学院举行秋季运动会"),
        *("--department", "宣传部", "--channel", "网站", "--drafted-by", "王虚构"),
        *("--as", "zhang", *more),
    )
    found = regex.search(r"已登记：(\d{4}-\d{6})", said)
    assert found is not None
    return found[1], path


def _findings(command: Journey, number: str, person: str = "zhang") -> list[str]:
    shown = command("case", "show", number, "--as", person)
    return regex.findall(r"疑点 (\S+?)（(?:需处置|不得公开)）", shown)


def _dispose(
    command: Journey, number: str, opinion: str = "不涉密", person: str = "zhang"
) -> None:
    for one in _findings(command, number, person):
        command(
            *("case", "dispose", number, one, "--opinion", opinion),
            *("--reason", "办公电话，可以公开", "--as", person),
        )


def _conclude(command: Journey, number: str, conclusion: str = "拟同意") -> str:
    return command(
        *("case", "conclude", number, "--conclusion", conclusion),
        *("--opinion", "内容属实", "--as", "zhang"),
    )


def _sign(command: Journey, number: str, *more: str) -> str:
    return command(
        *("case", "sign-off", number, "--outcome", "同意公开"),
        *("--opinion", "同意公开", "--as", "li", *more),
    )


@pytest.fixture
def command(founded: Path, tmp_path: Path) -> Journey:
    shutil.copytree(founded, tmp_path / "data")
    return Journey(tmp_path / "data")


@pytest.fixture(scope="module")
def cleared(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data folder of an office whose first item is cleared, to be copied."""
    folder = tmp_path_factory.mktemp("cleared") / "data"
    shutil.copytree(founded, folder)
    command = Journey(folder)
    number, _ = _submit(command, _DRAFT)
    assert number.endswith("-000001")
    assert "没有处置意见" in command.refused(
        *("case", "conclude", number, "--conclusion", "拟同意"),
        *("--opinion", "内容属实", "--as", "zhang"),
    )
    _dispose(command, number)
    assert "待终审" in _conclude(command, number)
    assert "同意公开" in _sign(command, number)
    return folder


@pytest.fixture
def after(cleared: Path, tmp_path: Path) -> Journey:
    shutil.copytree(cleared, tmp_path / "data")
    return Journey(tmp_path / "data")


def _number(command: Journey) -> str:
    found = regex.search(r"\d{4}-000001", command("case", "list", "--as", "li"))
    assert found is not None
    return found[0]


def test_what_was_cleared_is_compared_published_and_taken_back(after: Journey) -> None:
    number, folder = _number(after), after.folder.parent
    shown = after("case", "show", number, "--as", "zhang")
    for said in (
        "同意公开",
        "处置：不涉密，办公电话",
        "张示例（部门初审员）",
        "有效期至",
    ):
        assert said in shown

    draft = folder / "发布.txt"
    draft.write_text(_DRAFT, "utf-8")
    compared = ("case", "compare", number, draft, "--as", "zhang")
    assert "一致" in after(*compared)
    draft.write_text(_DRAFT.replace("田径场", "足球场"), "utf-8")
    differs = after.run(*compared)
    assert (differs.code, differs.err) == (1, "")
    assert "足球" in differs.out
    attached = after.run(*compared, "--attach", draft)
    assert "附件“发布.txt”：新增" in attached.out

    published = after(
        *("case", "publish", number, "--channel", "网站"),
        *("--address", "https://www.example.edu.cn/news/1", "--as", "zhang"),
    )
    assert "已公开" in published
    revoked = after(
        *("case", "revoke", number, "--cause", "内容有误或发布与审查不一致"),
        *("--reason", "数字有误，先撤下更正", "--as", "li"),
    )
    assert "许可已撤销" in revoked
    history = after("case", "history", number, "--as", "audit")
    words = [line.split()[2] for line in history.splitlines()]
    assert words == [
        *("送审", "机检完成", "处置疑点", "初审结论", "终审"),
        *("签发公开许可", "登记发布", "撤销公开许可"),
    ]


def test_with_a_disposition_one_place_is_named_where_it_is_public(
    command: Journey,
) -> None:
    both = ("--document", "云职院〔2026〕1号", "--address", "https://www.example/1")
    said = command.refused(
        *("case", "dispose", "2026-000001", "1.f1", "--opinion", "不涉密"),
        *("--reason", "已公开", "--as", "zhang", *both),
    )
    assert "二者选一" in said


def test_what_the_machine_missed_is_added_and_disposed_of(command: Journey) -> None:
    number, _ = _submit(command, "".join(_DRAFT.splitlines(keepends=True)[:2]))
    add = ("case", "add-finding", number, "--reason", "名单还没有公布", "--as", "zhang")
    assert "没有这段文字" in command.refused(
        *(*add, "--words", "没有写到的话", "--category", "会议")
    )
    assert "--nth" in command.refused(*add, "--words", "运动会", "--category", "会议")
    assert "不认识" in command.refused(*add, "--words", "气氛", "--category", "机密")
    added = command(
        *(*add, "--words", "运动会", "--nth", "2", "--category", "会议"),
        *("--tier", "内部件", "--clause", "001:12(3)"),
    )
    assert "已补充疑点 1.p1" in added
    shown = command("case", "show", number, "--as", "zhang")
    assert "疑点 1.p1（需处置）稿件.txt：运动会" in shown
    assert "001:12(3) 人工补充，张示例（部门初审员）：名单还没有公布" in shown
    _dispose(command, number)
    assert "待终审" in _conclude(command, number)


def test_a_clearance_is_checked_without_the_office(after: Journey) -> None:
    number, folder = _number(after), after.folder.parent
    names = ("clearance", "keys", "revocations")
    after("case", "clearance", number, "--as", "zhang", "-o", folder / "clearance")
    after("case", "keys", "-o", folder / "keys")
    after("case", "revocations", "-o", folder / "revocations")
    token, keys, revocations = ((folder / one).read_text("utf-8") for one in names)
    contents = contents_of(_DRAFT.encode(), "发布.txt")
    verdict = offline.check(
        token.strip(),
        jwks=json.loads(keys),
        now=clock.now(),
        revocations=revocations.strip(),
        contents=contents.digest,
        channel="website",
        hidden=contents.hidden,
    )
    assert verdict.allowed, verdict.message_zh


def test_the_papers_can_be_opened(after: Journey) -> None:
    number, folder = _number(after), after.folder.parent
    for name in ("审查表.docx", "审查表.pdf"):
        after("case", "form", number, "-o", folder / name, "--as", "zhang")
    text = "".join(
        cell.text
        for table in Document(str(folder / "审查表.docx")).tables
        for row in table.rows
        for cell in row.cells
    )
    assert "李样本" in text
    with pypdfium2.PdfDocument(folder / "审查表.pdf") as pdf:
        assert len(pdf) >= 1
    after("case", "release", number, "-o", folder / "许可书.pdf", "--as", "zhang")
    with pypdfium2.PdfDocument(folder / "许可书.pdf") as pdf:
        assert number in pdf[0].get_textpage().get_text_range()
    today = clock.china_date(clock.now())
    span = ("--since", "2026-01-01", "--until", today.isoformat())
    sheets: tuple[tuple[str, ...], ...] = (
        ("register", *span),
        ("monthly", f"{today:%Y-%m}"),
        ("yearly", f"{today:%Y}"),
    )
    for words in sheets:
        path = folder / f"{words[0]}.xlsx"
        after("case", *words, "-o", path, "--as", "li")
        rows = load_workbook(io.BytesIO(path.read_bytes())).worksheets[0].values
        assert any("宣传部" in map(str, row) for row in rows), words
    assert ".docx 或 .pdf" in after.refused(
        "case", "form", number, "-o", folder / "审查表.txt", "--as", "zhang"
    )
    assert "写不进" in after.refused(
        "case", "form", number, "-o", folder / "无" / "a.docx", "--as", "zhang"
    )


def _plain_python(*arguments: str | Path) -> Ran:
    """Run a Python that knows nothing of this program or its environment."""
    python = Path(sys.base_prefix) / "bin" / "python3"
    done = subprocess.run(  # noqa: S603 - a plain Python
        [python, "-I", *arguments], capture_output=True, check=False, timeout=120
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def test_the_record_is_verified_here_and_elsewhere(after: Journey) -> None:
    folder = after.folder.parent
    said = after("records", "verify")
    found = regex.search(r"(\d+) 条记录，末端摘要 ([0-9a-f]{64})", said)
    key = regex.search(r"签名公钥 ([0-9a-f]{64})（指纹 ([0-9a-f]{16})）", said)
    assert found is not None
    assert key is not None
    head = found[2]
    proof = ("--head", head, "--key", key[1])
    after("records", "verify", *proof)
    later = after("records", "verify", "--since", head)
    assert found[0] in later
    assert "之前的没有重看" in later
    unknown = after.run("records", "verify", "--since", "0" * 64)
    assert unknown.code == 1
    assert "没有这个摘要" in unknown.err
    export, verifier = folder / "导出.jsonl", folder / "verify_ledger.py"
    after("records", "export", "-o", export)
    after("records", "verifier", "-o", verifier)
    assert found[1] in after("records", "verify", export, *proof)
    alone = _plain_python(verifier, export, *proof)
    assert alone.code == 0, alone
    assert sorted(one.name for one in folder.glob("导出*")) == ["导出.jsonl"]

    for wrong in (("--head", "0" * 64), ("--key", "0" * 64)):
        for where in ((), (export,)):
            refused = after.run("records", "verify", *where, *wrong)
            assert refused.code == 1
            assert "核验不通过" in refused.err


def test_one_changed_character_of_an_export_is_noticed(after: Journey) -> None:
    folder = after.folder.parent
    export, verifier = folder / "导出.jsonl", folder / "verify_ledger.py"
    after("records", "export", "-o", export)
    after("records", "verifier", "-o", verifier)
    whole = export.read_bytes()
    lines = whole.splitlines(keepends=True)
    for changed in (
        whole.replace("内容属实".encode(), "内容不实".encode()),
        b"".join(lines[:-2] + lines[-1:]),
        b"".join(lines[:-1]),
        b"".join((*lines[:3], lines[4], lines[3], *lines[5:])),
    ):
        assert changed != whole
        export.write_bytes(changed)
        found = after.run("records", "verify", export)
        assert found.code == 1
        assert found.err.startswith("核验不通过：")
        assert _plain_python(verifier, export).code == 1


def _without_triggers(connection: sqlite3.Connection) -> None:
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    for (name,) in names.fetchall():
        connection.execute(f"DROP TRIGGER {name}")


def _another_reason(connection: sqlite3.Connection) -> None:
    connection.execute(
        "UPDATE entries SET statement = replace(statement, '内容属实', '内容不实')"
    )


def _one_left_out(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM entries WHERE kind = 'case.finding_disposed'")


def _the_last_cut_off(connection: sqlite3.Connection) -> None:
    connection.execute(
        'DELETE FROM entries WHERE "index" = (SELECT max("index") FROM entries)'
    )


def _another_signer(connection: sqlite3.Connection) -> None:
    connection.execute(
        "UPDATE entries SET statement = replace(statement, '李样本', '钱例子')"
        " WHERE kind = 'case.signed_off'"
    )


@pytest.mark.parametrize(
    "tamper", [_another_reason, _one_left_out, _the_last_cut_off, _another_signer]
)
def test_a_changed_database_is_noticed(
    after: Journey, tamper: Callable[[sqlite3.Connection], None]
) -> None:
    connection = sqlite3.connect(after.folder / "xianshen.db")
    with pytest.raises(sqlite3.DatabaseError):
        tamper(connection)
    connection.rollback()
    _without_triggers(connection)
    before = connection.total_changes
    tamper(connection)
    assert connection.total_changes > before
    connection.commit()
    connection.close()
    found = after.run("records", "verify")
    assert found.code == 1
    assert found.err.startswith("核验不通过：")


def test_a_refused_export_leaves_no_file(after: Journey) -> None:
    folder = after.folder.parent
    connection = sqlite3.connect(after.folder / "xianshen.db")
    _without_triggers(connection)
    _another_reason(connection)
    connection.commit()
    connection.close()
    after.refused("records", "export", "-o", folder / "导出.jsonl")
    assert list(folder.glob("导出*")) == []


def test_what_must_change_comes_back_and_the_change_is_shown(command: Journey) -> None:
    number, path = _submit(command, _DRAFT)
    _dispose(command, number, "须删改")
    assert "待修改" in _conclude(command, number, "须修改")
    path.write_text(_DRAFT.replace("田径场", "足球场"), "utf-8")
    said = command("case", "resubmit", number, path, "--as", "zhang")
    assert "第 2 轮  待初审" in said
    assert "足球" in command("case", "diff", number, "--as", "zhang")
    shown = command("case", "show", number, "--as", "zhang")
    assert "第 1 轮曾处置：须删改" in shown
    withdrawn = command(
        "case", "withdraw", number, "--reason", "活动改期", "--as", "zhang"
    )
    assert "已撤回" in withdrawn
    assert "清除稿件内容 0 件" in command("case", "tidy")


def test_a_question_an_answer_and_the_leaders_word(command: Journey) -> None:
    number, _ = _submit(command, _DRAFT, "--channel", "报刊")
    _dispose(command, number, "存疑")
    assert "待终审" in _conclude(command, number, "存疑报保密办")
    referred = command(
        *("case", "refer", number, "--to", "云山州教育局", "--source-unit"),
        *("--question", "这一号码可否公开？", "--as", "li"),
    )
    assert "等候答复" in referred
    folder = command.folder.parent
    command("case", "letter", number, "-o", folder / "函.docx", "--as", "li")
    text = "".join(one.text for one in Document(str(folder / "函.docx")).paragraphs)
    assert "云山州教育局" in text
    answered = command(
        *("case", "answer", number, "--text", "可以公开", "--as", "li"),
        *("--document", "云教函〔2026〕7号"),
        *("--answered-on", clock.china_date(clock.now()).isoformat()),
    )
    assert "待终审" in answered
    _dispose(command, number, person="li")
    assert "待分管领导审批" in _sign(command, number)
    led = command("case", "lead", number, "--opinion", "同意刊发", "--as", "sun")
    assert "同意公开" in led


def test_a_state_secrets_marking_stops_everything(command: Journey) -> None:
    path = command.folder.parent / "稿件.txt"
    path.write_text(_MARKED, "utf-8")
    said = command(
        *("case", "submit", path, "--title", "关于虚构事项的报告"),
        *("--department", "宣传部", "--channel", "网站", "--drafted-by", "王虚构"),
        *("--as", "zhang"),
    )
    assert "涉密事件待核实" in said
    number = _number(command)
    for who in ("zhang", "li"):
        assert "关于虚构事项的报告" not in command("case", "list", "--as", who)
    shown = command.run("case", "show", number, "--as", "zhang")
    assert shown.code == 2
    assert "封存" in shown.err
    assert "虚构事项" not in shown.out + shown.err
    assert "机密★5年" in command("case", "show", number, "--as", "li")
    judged = command(
        *("case", "judge-incident", number, "--genuine"),
        *("--opinion", "已与定密单位核实", "--as", "li"),
    )
    assert "涉密事件待报告" in judged
    assert "不能解密 0 份" in command("db", "check-vault")
    report = command.folder.parent / "报告表.docx"
    command("case", "incident-form", number, "-o", report, "--as", "li")
    reported = command(
        *("case", "report-incident", number, "--to", "云山州保密局"),
        *("--document", "云职院密报〔2026〕1号", "--as", "li"),
    )
    assert "涉密事件已报告" in reported


def test_people_are_appointed_listed_and_dismissed(command: Journey) -> None:
    again = command.refused(
        *("users", "found", "neu", "--name", "新人甲", "--post", "安全管理员"), *_days()
    )
    assert "已经任命过" in again
    listed = command("users", "list")
    row = next(line for line in listed.splitlines() if "李样本" in line)
    appointment = regex.search(r"任\d{4}", row)
    assert appointment is not None
    assert "2035-12-31" in row
    day = clock.china_date(clock.now()) + timedelta(days=1)
    words = ("--day", day.isoformat(), "--reason", "换岗")
    refused = command.refused("users", "end", appointment[0], *words, "--as", "zhang")
    assert "安全管理员" in refused
    command("users", "end", appointment[0], *words, "--as", "security")
    listed = command("users", "list")
    row = next(line for line in listed.splitlines() if "李样本" in line)
    # The last day on which he still is.
    assert (day - timedelta(days=1)).isoformat() in row


def test_an_installation_is_looked_after(after: Journey) -> None:
    assert "已就绪" in after("db", "upgrade")
    assert regex.search(r"末端摘要  [0-9a-f]{64}", after("db", "status"))
    after("db", "rotate-vault-key")
    assert "不能解密 0 份" in after("db", "check-vault")
    after("db", "rotate-clearance-key")
    keys = json.loads(after("case", "keys"))
    assert len(keys["keys"]) == 2
    after("records", "verify")


def test_a_decision_on_what_changed_meanwhile_is_refused(command: Journey) -> None:
    number, _ = _submit(command, _DRAFT)
    _dispose(command, number)
    assert "请刷新" in command.refused(
        *("case", "conclude", number, "--conclusion", "拟同意", "--seen", "2"),
        *("--opinion", "内容属实", "--as", "zhang"),
    )


_WRONG = (
    (("case", "show", "2026-999999", "--as", "li"), "没有这个编号"),
    (("case", "show", "{}", "--as", "nemo"), "任命"),
    (("case", "show", "{}"), "--as"),
    (("case", "list", "--as", "security"), "没有可以查看台账的任命"),
    (("case", "list", "--as", "li", "--stage", "不存在"), "状态“不存在”不认识"),
    (
        ("case", "sign-off", "{}", "--outcome", "大概可以", "--opinion", "好的", "--as", "li"),
        "可以写：同意公开、修改后再审",
    ),
    (
        ("case", "sign-off", "{}", "--outcome", "同意公开", "--opinion", "好的", "--as", "li"),
        "不能办理这一步",
    ),
    (("case", "finish", "{}", "--opinion", "好的", "--as", "zhang"), "部门负责人"),
    (("case", "compare", "{}", "没有.txt", "--as", "zhang"), "找不到文件"),
    (("case", "resubmit", "{}", "没有.txt", "--as", "zhang"), "找不到文件"),
    (("case", "monthly", "2026-13", "-o", "a.xlsx", "--as", "li"), "2026-13"),
    (("records", "verify", "没有.jsonl"), "找不到导出文件"),
    (("records", "verify", "没有.jsonl", "--since", "0" * 64), "不能用 --since"),
    (("users", "end", "任9999", "--day", "2030-01-01", "--reason", "换岗", "--as", "security"), "没有这一任命"),
)  # fmt: skip


def test_what_is_wrong_is_said_in_one_line(after: Journey) -> None:
    number = _number(after)
    for words, said in _WRONG:
        line = after.refused(*(one.format(number) for one in words))
        assert said in line, (words, line)


def test_a_trespass_is_on_record(after: Journey) -> None:
    number = _number(after)
    after.refused("case", "show", number, "--as", "nemo")
    export = after.folder.parent / "导出.jsonl"
    after("records", "export", "-o", export)
    entries = [json.loads(line) for line in export.read_text("utf-8").splitlines()]
    said = [one["statement"] for one in entries if one["type"] == "entry"]
    refused = [one for one in said if one["kind"] == "office.request_refused"]
    assert [(one["by"]["id"], one["data"]["verb"]) for one in refused] == [
        ("nemo", "look")
    ]
    assert all(one["via"].startswith(("cli:", "system")) for one in said)
    assert datetime.fromisoformat(said[-1]["at"]) <= clock.now()
