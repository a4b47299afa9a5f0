"""Sites on the command line: two administrators open the gate, neither one alone."""

from collections.abc import Callable

import pytest
import regex

from tests.command import Command

_FORM = (
    *("--name", "云山新闻网", "--channel", "网站", "--department", "宣传部"),
    *("--network", "10.1.2.0/24", "--callback-host", "cms.example.edu.cn"),
)
_AS = ("--as", "system")

# Each run loads the program anew, which takes a second or more.
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., tuple[int, str]]:
    tmp_path = tmp_path_factory.mktemp("office")

    command = Command(tmp_path / "data")

    def running(*arguments: str) -> tuple[int, str]:
        done = command.run(*arguments)
        return done.code, done.out + done.err

    assert running("db", "upgrade")[0] == 0
    for person, post in (("system", "系统管理员"), ("security", "安全管理员")):
        code, said = running(
            *("users", "found", person, "--name", "周系统", "--post", post),
            *("--from", "2026-01-01", "--until", "2099-12-31", "--ground", "1号"),
        )
        assert code == 0, said
    return running


def test_a_site_is_kept_on_the_command_line(
    run: Callable[..., tuple[int, str]],
) -> None:
    code, said = run("sites", "register", "site-news", *_FORM, *_AS)
    assert code == 0, said
    secret = regex.search(r"xswh_[0-9a-f]{64}", said)
    assert secret
    code, said = run("sites", "key", "site-news", *_AS)
    key = regex.search(r"xs_([0-9a-f]{12})_[0-9a-f]{64}", said)
    assert (code, key is not None) == (0, True), said
    code, said = run("sites", "key", "site-news", "--webhook", *_AS)
    assert "xswh_" in said
    assert secret[0] not in said
    code, said = run("sites", "list", *_AS)
    assert key is not None
    assert key[1] in said
    assert key[0] not in said
    code, said = run("sites", "revoke-key", "site-news", key[1], *_AS)
    assert (code, "已撤销" in said) == (0, True), said
    code, said = run("sites", "change", "site-news", *_FORM, *_AS)
    assert (code, "已修改" in said) == (0, True), said
    code, said = run("sites", "close", "site-news", *_AS)
    assert (code, "已停用" in said) == (0, True), said
    code, said = run("sites", "key", "site-news", *_AS)
    assert (code, "停用" in said) == (2, True), said


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("register", "news", *_FORM, *_AS), "site-"),
        (("register", "site-x", *_FORM, "--as", "security"), "系统管理员"),
        (("key", "site-none", *_AS), "没有这个站点"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(
    run: Callable[..., tuple[int, str]], arguments: tuple[str, ...], message: str
) -> None:
    code, said = run("sites", *arguments)
    assert (code, message in said) == (2, True), said
    assert len(said.strip().splitlines()) == 1
