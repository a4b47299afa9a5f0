"""`xianshen gate check`: ask a running gate from a script, and publish only on a yes."""

import base64
import json
from pathlib import Path
from typing import Annotated, Any, Final, NoReturn
from urllib.parse import urlsplit

import httpx2
import typer

from review.case.words import CHANNELS
from review.cli.gate_proxy import proxy
from review.cli.joined import code_of, read_in
from review.cli.site_key import site_key
from review.errors import UsageError

gate = typer.Typer(
    help="发布闸口：从脚本里询问能不能发布，或做网站前面的发布代理",
    no_args_is_help=True,
)
gate.command("proxy")(proxy)

_SECONDS: Final = 30.0
_PATH: Final = "/api/v1/gate/check"
_NO: Final = 1
_UNANSWERED: Final = 3
_OK: Final = 200
_PAGES: Final = (".html", ".htm")
# A key must not go over a network in the clear.
_LOCAL: Final = ("127.0.0.1", "::1", "localhost")


@gate.command("check")
def check(
    file: Annotated[Path, typer.Argument(help="将要发布的正文文件")],
    url: Annotated[str, typer.Option(help="先审的网址，例如 https://review.example")],
    title: Annotated[str, typer.Option(help="将要发布的标题")],
    channel: Annotated[str, typer.Option(help="公开方式：网站、公众号…")],
    external_id: Annotated[
        str | None, typer.Option("--id", help="发布系统自己的编号")
    ] = None,
    case: Annotated[str | None, typer.Option(help="审查件编号，与 --id 二选一")] = None,
    attach: Annotated[
        list[Path], typer.Option("--attach", help="将要发布的附件，可写多次")
    ] = [],
    key_file: Annotated[
        Path | None,
        typer.Option(help="只有站点密钥的文件；不写就用环境变量 XIANSHEN_SITE_KEY"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="原样打印回答")] = False,
) -> None:
    """询问能不能发布：可以退出码 0，不能 1，问不到 3（也不能发布）。"""
    question = _question(file, attach, title=title)
    question["channel"] = code_of(channel, CHANNELS, "公开方式")
    if (external_id is None) == (case is None):
        raise UsageError("请用 --id 或 --case 说明是哪一件，二者选一。")
    question.update({"external_id": external_id} if external_id else {"case": case})
    answer = _ask(_address(url), question, key=site_key(key_file))
    if as_json:
        print(json.dumps(answer, ensure_ascii=False))
    else:
        _say(answer)
    if answer.get("allowed") is not True:
        raise typer.Exit(_NO)


def _question(file: Path, attach: list[Path], *, title: str) -> dict[str, Any]:
    (name, data), *attached = read_in(file, *attach)
    question: dict[str, Any] = {"title": title}
    question["file"] = {"name": name, "data": _encoded(data)}
    if file.suffix.lower() in _PAGES:
        try:
            # A page that was handed in as HTML is compared as the same file.
            question["html"] = data.decode()
            del question["file"]
        except UnicodeDecodeError:
            pass
    question["attachments"] = [
        {"name": one, "data": _encoded(own)} for one, own in attached
    ]
    return question


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        raise UsageError("网址的写法不对，应写成 https://主机。") from None
    safe = parts.scheme == "https" or (
        parts.scheme == "http" and parts.hostname in _LOCAL
    )
    if not safe or not parts.hostname:
        raise UsageError("网址要用 https（只有本机可以用 http），例如 https://主机。")
    return url.rstrip("/") + _PATH


def _ask(address: str, question: dict[str, Any], *, key: str) -> dict[str, Any]:
    try:
        answer = httpx2.post(
            address,
            json=question,
            headers={"Authorization": f"Bearer {key}"},
            timeout=_SECONDS,
            follow_redirects=False,
        )
        said = answer.json()
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
        _unanswered(
            f"闸口没有应答（{type(error).__name__}）；请核对 --url，看先审是否在运行。"
        )
    if not isinstance(said, dict):
        _unanswered("闸口的回答看不懂")
    if answer.status_code != _OK:
        _unanswered(str(said.get("detail") or f"闸口回答 {answer.status_code}"))
    return said


def _unanswered(why: str) -> NoReturn:
    typer.echo(f"不能发布：{why}", err=True)
    raise typer.Exit(_UNANSWERED)


def _say(answer: dict[str, Any]) -> None:
    if answer.get("allowed") is True:
        print(f"可以发布：审查件 {answer['case']}。{answer['message']}")
        return
    print(f"不能发布（{answer.get('code')}）：{answer.get('message')}")
    for one in answer.get("changes", ()):
        print(f"  - {one}")
