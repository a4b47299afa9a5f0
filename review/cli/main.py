"""The `xianshen` command: joins the commands, turns errors into exit codes."""

import sys
from collections.abc import Callable, Mapping
from typing import Final, cast

import typer
from rich.console import Console

from review import __version__
from review.errors import XianshenError

EXIT_USAGE = 2
# What the command line raises for a wrong option; typer exports one of its kind.
_Misuse = cast("type[typer.BadParameter]", typer.BadParameter.__mro__[1])
# Commands that open drafts at once.
_OPENING: Final = ("scan", "extract")


def main() -> None:
    """Run the command line; an error is one line in Chinese on standard error."""
    first = sys.argv[1] if len(sys.argv) > 1 else ""
    if first in _OPENING:
        _begin_to_load()
    try:
        app = command_line(first)
        sys.exit(app(standalone_mode=False) or 0)
    except XianshenError as error:
        _complain(f"错误：{error.message}")
    except _Misuse as error:
        from review.cli.misuse import complaint  # noqa: PLC0415 - only where wrong

        _complain(complaint(error.format_message()))
    sys.exit(EXIT_USAGE)


def _complain(message: str) -> None:
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(message, markup=False)


def _begin_to_load() -> None:
    """Let the sandbox load its parsers, while this process loads the detectors."""
    from review.sandbox.sandbox import Sandbox  # noqa: PLC0415 - see command_line

    Sandbox(nursed=True).begin()


def command_line(first: str = "") -> typer.Typer:
    """Return the command line; for a known command only what it needs.

    Importing everything costs half of the start-up of a command.
    """
    app = typer.Typer(
        name="xianshen",
        help="先审：信息公开前的保密审查。先审查、后公开，一事一审。",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback(invoke_without_command=True)(_root)
    # A program that runs for months loads nothing that only others need.
    every = dict.fromkeys(_COMMANDS.values())
    for add in [_COMMANDS[first]] if first in _COMMANDS else every:
        add(app)
    return app


def _add_programs(app: typer.Typer) -> None:
    from review.cli.queue import queue  # noqa: PLC0415 - see command_line
    from review.cli.serve import serve, worker  # noqa: PLC0415 - see command_line

    app.command()(serve)
    app.command()(worker)
    app.command()(queue)


def _add_light(app: typer.Typer) -> None:
    from review.cli.extract import extract  # noqa: PLC0415 - see command_line
    from review.cli.scan import scan  # noqa: PLC0415 - see command_line

    app.command()(scan)
    app.command()(extract)


def _add_lexicon(app: typer.Typer) -> None:
    from review.cli.lexicon import lexicon  # noqa: PLC0415 - see command_line

    app.add_typer(lexicon, name="lexicon")


def _add_model(app: typer.Typer) -> None:
    from review.cli.model import model  # noqa: PLC0415 - see command_line

    app.add_typer(model, name="model")


def _add_case(app: typer.Typer) -> None:
    from review.cli.case import case  # noqa: PLC0415 - see command_line

    app.add_typer(case, name="case")


def _add_users(app: typer.Typer) -> None:
    from review.cli.users import users  # noqa: PLC0415 - see command_line

    app.add_typer(users, name="users")


def _add_sites(app: typer.Typer) -> None:
    from review.cli.sites import sites  # noqa: PLC0415 - see command_line

    app.add_typer(sites, name="sites")


def _add_clean(app: typer.Typer) -> None:
    from review.cli.clean import clean  # noqa: PLC0415 - see command_line

    app.command()(clean)


def _add_audit(app: typer.Typer) -> None:
    from review.cli.audit import audit  # noqa: PLC0415 - see command_line

    app.command()(audit)


def _add_gate(app: typer.Typer) -> None:
    from review.cli.gate import gate  # noqa: PLC0415 - see command_line

    app.add_typer(gate, name="gate")


def _add_deliveries(app: typer.Typer) -> None:
    from review.cli.deliveries import deliveries  # noqa: PLC0415 - see command_line

    app.add_typer(deliveries, name="deliveries")


def _add_db(app: typer.Typer) -> None:
    from review.cli.db import db  # noqa: PLC0415 - see command_line

    app.add_typer(db, name="db")


def _add_records(app: typer.Typer) -> None:
    from review.cli.records import records  # noqa: PLC0415 - see command_line

    app.add_typer(records, name="records")


def _add_evaluate(app: typer.Typer) -> None:
    from review.cli.evaluate import evaluate  # noqa: PLC0415 - see command_line

    app.command()(evaluate)


def _add_backup(app: typer.Typer) -> None:
    from review.cli.backup import backup  # noqa: PLC0415 - see command_line

    app.command()(backup)


def _add_restore(app: typer.Typer) -> None:
    from review.cli.backup import restore  # noqa: PLC0415 - see command_line

    app.command()(restore)


def _add_doctor(app: typer.Typer) -> None:
    from review.cli.doctor import doctor  # noqa: PLC0415 - see command_line

    app.command()(doctor)


_COMMANDS: Final[Mapping[str, Callable[[typer.Typer], None]]] = {
    "serve": _add_programs,
    "worker": _add_programs,
    "queue": _add_programs,
    "scan": _add_light,
    "extract": _add_light,
    "clean": _add_clean,
    "evaluate": _add_evaluate,
    "lexicon": _add_lexicon,
    "model": _add_model,
    "case": _add_case,
    "users": _add_users,
    "sites": _add_sites,
    "gate": _add_gate,
    "audit": _add_audit,
    "deliveries": _add_deliveries,
    "db": _add_db,
    "records": _add_records,
    "backup": _add_backup,
    "restore": _add_restore,
    "doctor": _add_doctor,
}


def _root(
    version: bool = typer.Option(False, "--version", help="显示版本"),  # noqa: FBT001, FBT003 - a flag of the command line
) -> None:
    """先审：信息公开前的保密审查。"""
    if version:
        print(f"xianshen {__version__}")
        raise typer.Exit


if __name__ == "__main__":
    main()
