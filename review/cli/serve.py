"""`xianshen serve` and `xianshen worker`: the site with all that it needs, or its workers."""

import logging
import os
import sys
from typing import TYPE_CHECKING, Annotated, Final

import typer

from review.errors import UsageError, XianshenError
from review.settings import Settings, load_settings

if TYPE_CHECKING:
    from review.service.demo import DemoPerson
    from review.service.people.accounts import Given

# What somebody may set and still have "configured nothing".
_HARMLESS: Final = frozenset({"data_dir", "port", "workers"})
Count = Annotated[
    int | None, typer.Option("--count", min=1, max=64, help="同时检查几件稿件")
]


def serve(count: Count = None) -> None:
    """启动整个系统：任务队列、后台进程、网站。什么都不配置也能用。"""
    settings = load_settings()
    if settings.port == 0:
        raise UsageError("port 不能是 0，请写一个固定的端口，例如 8000。")
    print(f"先审正在启动，要十几秒；数据在 {settings.data_dir}", flush=True)
    _in_a_child_of_its_own(settings)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    from review.cli.supervisor import Program, Supervisor  # noqa: PLC0415 - after it
    from review.queue.embedded import EmbeddedServer  # noqa: PLC0415 - likewise

    workers = str(count or settings.workers)
    embedded = settings.redis_url is None
    Supervisor(
        programs=(
            Program("后台进程", ("worker", "--count", workers)),
            Program("网站", ("api",)),
        ),
        server=EmbeddedServer(settings.data_dir) if embedded else None,
        address=(settings.host, settings.port),
    ).run()


def worker(
    count: Count = None,
    burst: Annotated[
        bool, typer.Option("--burst", help="做完现有的任务就结束")
    ] = False,
) -> None:
    """只启动后台进程，用于多台机器；任务队列和数据库用设置里的。"""
    words = ["--count", str(count)] if count else []
    words += ["--burst"] if burst else []
    os.execv(  # noqa: S606 - our own program, with no shell
        sys.executable, [sys.executable, "-m", "worker", *words]
    )


def _in_a_child_of_its_own(settings: Settings) -> None:
    """Make ready in a child: what that loads, the supervisor need not carry for ever.

    Raises:
        UsageError: It is not ready; the child has said why.
    """
    sys.stdout.flush()
    child = os.fork()
    if child:
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0:
            raise UsageError("没有启动：原因见上面的提示，改正后再启动。")
        return
    code = 1
    try:
        make_ready(settings)
        sys.stdout.flush()
        code = 0
    except XianshenError as error:
        print(f"错误：{error.message}", file=sys.stderr)
    finally:
        sys.stderr.flush()
        os._exit(code)


def make_ready(settings: Settings) -> None:
    """Install what is missing; for trying out, make an invented college once.

    Raises:
        XianshenError: It can't be installed, or may not be served like this.
    """
    from review import bootstrap  # noqa: PLC0415 - in a child of its own
    from review.service import demo  # noqa: PLC0415 - likewise

    is_new = not bootstrap.is_installed(settings)
    bootstrap.install(settings)
    with bootstrap.open_installation(settings, via="serve") as installation:
        desk = installation.desk
        if is_new and wants_demo(settings):
            print("第一次启动，正在准备演示用的学院……", flush=True)
            print_logins(demo.found_people(desk))
            demo.seed(desk)
        demo.forbid_demo_outside(
            desk, host=settings.host, public_url=settings.public_url
        )


def wants_demo(settings: Settings) -> bool:
    """Tell whether a new installation is for trying out: asked for, or nothing was set."""
    if settings.demo is not None:
        return settings.demo
    return settings.model_fields_set <= _HARMLESS


def print_logins(given: "tuple[tuple[DemoPerson, Given], ...]") -> None:
    """Print the accounts with their passwords: the only time that they are shown."""
    from review.case.words import POSTS  # noqa: PLC0415 - in a child of its own

    print("演示账号（只显示这一次，请记下）：")
    for one, account in given:
        place = f"{one.department} " if one.department else ""
        print(
            f"  {one.login:<10} {account.password}  {one.name}  {place}{POSTS[one.post]}"
        )
    print("以上人员、单位和稿件全部虚构。", flush=True)
