"""`xianshen gate proxy`: stands before a site that knows no gate, and asks for it."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from review.cli.site_key import site_key
from review.errors import UsageError


def proxy(
    config: Annotated[Path, typer.Option(help="配置文件，见 docs/手册/发布代理.md")],
    listen: Annotated[
        str, typer.Option(help="在哪里等候：主机:端口，或 unix:/套接字")
    ] = "127.0.0.1:8090",
    key_file: Annotated[
        Path | None,
        typer.Option(help="只有站点密钥的文件；不写就用环境变量 XIANSHEN_SITE_KEY"),
    ] = None,
    only_check: Annotated[
        bool, typer.Option("--check", help="只核对配置文件和模板页，不启动")
    ] = False,
) -> None:
    """发布代理：放在没有接口的网站前面，只送出审查通过、没有改动的页面和文件。"""
    from review.proxy.checking import load_frames  # noqa: PLC0415 - see command_line
    from review.proxy.rules import load_rules  # noqa: PLC0415 - likewise

    rules = load_rules(config)
    frames = load_frames(rules, config.absolute().parent)
    if only_check:
        print(f"配置文件没有问题：{rules.site}，模板页 {len(frames)} 个。")
        return
    from review.logs import configure_logs  # noqa: PLC0415 - likewise
    from review.proxy.running import run  # noqa: PLC0415 - likewise

    key = site_key(key_file)
    configure_logs()
    print(f"发布代理已启动：{listen} → {rules.upstream}", flush=True)
    asyncio.run(run(rules, frames, key=key, **_place(listen)))


def _place(listen: str) -> dict[str, str | int]:
    """Return where to listen, as the server wants it said."""
    if listen.startswith("unix:/"):
        return {"uds": listen.removeprefix("unix:")}
    host, _, port = listen.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65_536:  # noqa: PLR2004 - ports
        raise UsageError(
            "--listen 应写成 主机:端口，例如 127.0.0.1:8090，或 unix:/套接字。"
        )
    return {"host": host.strip("[]"), "port": int(port)}
