"""`xianshen audit`: one's own published site, held against what was cleared."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import Progress, TaskID

from review.bootstrap import Installation
from review.cli.joined import As, joined, write_out
from review.errors import RefusedError, UsageError
from review.fetching.folder_site import NOWHERE, FolderSite
from review.fetching.http_site import HttpSite, Manners
from review.paper.site_audit_xlsx import site_audit_xlsx
from review.ports.websites import Website
from review.reading import surveyor_of
from review.report.site_audit import html_audit, print_audit, summary
from review.service.cases import scan as scanning
from review.service.siteaudit import opening as opens
from review.service.siteaudit.auditing import Tools, audit_site
from review.service.siteaudit.opening import Opening
from review.service.siteaudit.published import audit_published
from review.service.siteaudit.walking import Told, WalkBounds, again
from review.settings import Settings, load_settings
from review.siteaudit import telling
from review.siteaudit.interface import AuditMode, AuditReport, Deviation

EXIT_FOUND: Final = 1
EXIT_UNEXAMINED: Final = 3
_MB: Final = 1024 * 1024
_WEB: Final = ("http://", "https://")


class Format(StrEnum):
    """How the report comes out."""

    TEXT = "text"
    JSONL = "jsonl"
    HTML = "html"
    XLSX = "xlsx"


def audit(
    person: As,
    place: Annotated[
        str | None, typer.Argument(help="本单位网站的网址，或网站文件所在的文件夹")
    ] = None,
    published: Annotated[
        bool,
        typer.Option(
            "--published", help="不看网站，用现行词库和模型复查全部已公开的审查件"
        ),
    ] = False,
    base: Annotated[
        str | None,
        typer.Option(
            "--base", help="网站对外的网址：文件夹发布在哪里，或网址背后是哪个网站"
        ),
    ] = None,
    form: Annotated[
        Format, typer.Option("--format", help="text、jsonl、html 或 xlsx")
    ] = Format.TEXT,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="报告写入的文件")
    ] = None,
    open_cases: Annotated[
        bool, typer.Option("--open-cases", help="发现的每一处各立一件（一事一审）")
    ] = False,
    department: Annotated[
        str | None, typer.Option("--department", help="查不到部门的，由哪个部门立案")
    ] = None,
    open_as: Annotated[
        str | None, typer.Option("--open-as", help="以谁的账号立案（该部门能送审的人）")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="只看退出码")] = False,
) -> None:
    """巡查本单位已公开的网站。退出码：0 没有发现，1 有不一致，2 用法不对，3 有未能检查的。"""
    _forbid_odd(place, form, output, published=published)
    if open_cases and open_as is None:
        raise UsageError("立案要用 --open-as 写明由谁送审，例如本部门的初审员。")
    opening = Opening(person=open_as or "", department=department)
    with joined() as installation:
        if open_cases:
            opens.forbid_strangers(installation.desk, opening)
        with _site(place, base) as site, _told(quiet=quiet) as told:
            report = _audited(installation, site, person, place, told)
            if open_cases:
                _open(installation, site, report, opening)
    _write(report, form, output, quiet=quiet)
    worst = EXIT_FOUND if report.found else 0
    raise typer.Exit(EXIT_UNEXAMINED if report.unexamined else worst)


def _forbid_odd(
    place: str | None, form: Format, output: Path | None, *, published: bool
) -> None:
    if (place is None) != published:
        raise UsageError(
            "请给出网站的网址或文件夹，或者用 --published 复查已公开的审查件，二者选一。"
        )
    if form in {Format.HTML, Format.XLSX} and output is None:
        raise UsageError(f"{form} 报告需要用 -o 指定写入的文件。")


@contextmanager
def _site(place: str | None, base: str | None) -> Iterator[Website | None]:
    """Open what is to be gone through; None where only the vault is looked at."""
    if place is None:
        yield None
        return
    settings = load_settings()
    largest = settings.upload_megabytes * _MB
    if not place.lower().startswith(_WEB):
        yield FolderSite(Path(place), home=base or NOWHERE, largest=largest)
        return
    manners = Manners(delay=settings.audit_delay_ms / 1000, largest=largest)
    site = HttpSite(base or place, manners, origin=place)
    try:
        yield site
    finally:
        site.close()


def _audited(
    installation: Installation,
    site: Website | None,
    person: str,
    place: str | None,
    told: Told | None,
) -> AuditReport:
    desk, scanner = installation.desk, installation.machine.prepare().scanner
    if site is None:
        return audit_published(desk, scanner, person=person, told=told)
    settings = load_settings()
    tools = Tools(
        surveyor=surveyor_of(settings),
        scanner=scanner,
        bounds=_bounds(settings),
        told=told,
    )
    web = (place or "").lower().startswith(_WEB)
    mode: AuditMode = "site" if web else "folder"
    return audit_site(desk, site, tools=tools, person=person, mode=mode)


def _bounds(settings: Settings) -> WalkBounds:
    return WalkBounds(
        addresses=settings.audit_addresses,
        megabytes=settings.audit_megabytes,
        minutes=settings.audit_minutes,
    )


def _open(
    installation: Installation,
    site: Website | None,
    report: AuditReport,
    opening: Opening,
) -> None:
    def fetch(one: Deviation) -> bytes | None:
        return None if site is None else again(site, one.address, one.digest)

    desk = installation.desk
    for one in report.found:
        try:
            opened = opens.open_case(desk, report, one, opening=opening, fetch=fetch)
        except RefusedError as error:
            typer.echo(f"没有立案  {one.address}：{error.message}", err=True)
            continue
        if opened.case is None:
            typer.echo(f"没有立案  {one.address}：{opened.reason}", err=True)
            continue
        scanning.scan(desk, opened.case)
        typer.echo(f"已立案 {opened.case}  {one.address} {opened.reason}", err=True)


def _write(
    report: AuditReport, form: Format, output: Path | None, *, quiet: bool
) -> None:
    if output is not None:
        write_out(output, _rendered(report, form))
        if not quiet:
            print(f"{summary(report)}已写入 {output}")
    elif not quiet and form is Format.JSONL:
        print(_rendered(report, form).decode(), end="")
    elif not quiet:
        print_audit(report, Console(soft_wrap=True))


def _rendered(report: AuditReport, form: Format) -> bytes:
    if form is Format.HTML:
        return html_audit(report).encode()
    if form is Format.XLSX:
        return site_audit_xlsx(report)
    if form is Format.JSONL:
        return "".join(f"{line}\n" for line in telling.lines(report)).encode()
    written = io.StringIO()
    print_audit(report, Console(file=written, soft_wrap=True))
    return written.getvalue().encode()


@contextmanager
def _told(*, quiet: bool) -> Iterator[Told | None]:
    """Show on a terminal how far the audit is."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    with Progress(console=Console(stderr=True)) as progress:
        bar: TaskID = progress.add_task("巡查中", total=None)

        def told(done: int, waiting: int) -> None:
            progress.update(bar, completed=done, total=done + waiting)

        yield told
