"""Accounts on the command line, by the server's operator."""

from collections.abc import Callable
from pathlib import Path

import pytest
import regex
from openpyxl import load_workbook

from tests.command import Command, Ran

# Each run loads the program anew, which takes a second or more.
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Ran]:
    """Return what runs `xianshen` on an installation with two administrators."""
    tmp_path = tmp_path_factory.mktemp("office")

    running = Command(tmp_path / "data").run
    assert running("db", "upgrade").code == 0
    for person, name, post in (
        ("system", "周系统", "系统管理员"),
        ("security", "吴安全", "安全管理员"),
    ):
        found = running(
            *("users", "found", person, "--name", name, "--post", post),
            *("--from", "2026-01-01", "--until", "2099-12-31", "--ground", "1号"),
        )
        assert found.code == 0, found.err
    return running


def _password(out: str) -> str:
    found = regex.search(r"│ \S+ +│ \S+ +│ (\S{14}) │", out)
    assert found is not None, out
    return str(found[1])


def test_an_account_is_made_reset_closed_and_opened(run: Callable[..., Ran]) -> None:
    system = ("--as", "system")
    made = run("users", "create", "zhang", "--name", "张示例", *system)
    assert made.code == 0, made.err
    first = _password(made.out)
    assert "只显示这一次" in made.out
    twice = run("users", "create", "zhang", "--name", "张示例", *system)
    assert twice.code != 0
    assert "已经有账号" in twice.err
    assert _password(run("users", "reset-password", "zhang", *system).out) != first
    for command, said in (
        ("disable", "已停用"),
        ("enable", "已启用"),
        ("unlock", "已解锁"),
        ("unlink", "已解除"),
    ):
        done = run("users", command, "zhang", *system)
        assert done.out == f"zhang（张示例）：{said}\n", done.err
    renamed = run("users", "rename", "zhang", "--name", "张范例", *system)
    assert renamed.out == "zhang（张范例）：已修改\n", renamed.err
    back = ("--name", "张示例", "--department", "宣传部")
    assert run("users", "rename", "zhang", *back, *system).code == 0
    nothing = run("users", "rename", "zhang", *system)
    assert (nothing.code, "姓名或部门" in nothing.err) == (2, True)
    listed = run("users", "accounts", *system)
    assert "宣传部" in listed.out
    assert regex.search(r"zhang .*张示例 .*待改密码", listed.out)
    no_provider = run("users", "link", "zhang", "0001", *system)
    assert "oidc_issuer" in no_provider.err
    none = run("users", "remove-second-factor", "zhang", "--as", "security")
    assert "没有绑定动态码" in none.err


def test_each_administrator_does_his_own_part(run: Callable[..., Ran]) -> None:
    for command in (
        ("create", "zhang", "--name", "张示例", "--as", "security"),
        ("remove-second-factor", "zhang", "--as", "system"),
        ("accounts", "--as", "zhang"),
    ):
        refused = run("users", *command)
        assert refused.code != 0
        assert "只能由" in refused.err


def test_a_list_of_people_is_filled_in_and_imported(
    run: Callable[..., Ran], tmp_path: Path
) -> None:
    path = tmp_path / "人员.xlsx"
    assert run("users", "template", path).code == 0
    assert run("users", "template", path).code != 0
    book = load_workbook(path)
    row = ("feng", "冯拟稿", "宣传部", "部门初审员", "2026-09-01", "2099-08-31", "9号")
    for column, value in enumerate(row, start=1):
        book.worksheets[0].cell(2, column, value)
    book.save(path)

    made = run("users", "import", path, "--as", "system")
    assert made.code == 0, made.err
    assert _password(made.out)
    again = run("users", "import", path, "--as", "system")
    assert "第 2 行" in again.err
    appointed = run("users", "import-appointments", path, "--as", "security")
    assert "冯拟稿（feng）：宣传部 部门初审员" in appointed.out
    assert "冯拟稿" in run("users", "list").out


def test_a_new_key_of_the_vault_goes_round(run: Callable[..., Ran]) -> None:
    done = run("db", "rotate-vault-key")
    assert done.code == 0, done.err
    assert "动态码密钥 0 份" in done.out
