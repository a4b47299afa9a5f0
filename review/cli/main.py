"""The `xianshen` command: joins the commands, turns errors into exit codes."""

import sys

import typer
from rich.console import Console

from review import __version__
from review.cli.evaluate import evaluate
from review.cli.extract import extract
from review.cli.lexicon import lexicon
from review.cli.model import model
from review.cli.scan import scan
from review.errors import UsageError, XianshenError

app = typer.Typer(
    name="xianshen",
    help="先审：信息公开前的保密审查。先审查、后公开，一事一审。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(scan)
app.command()(extract)
app.command()(evaluate)
app.add_typer(lexicon, name="lexicon")
app.add_typer(model, name="model")

EXIT_USAGE = 2


@app.callback(invoke_without_command=True)
def root(
    version: bool = typer.Option(False, "--version", help="显示版本"),  # noqa: FBT001, FBT003 - a flag of the command line
) -> None:
    """先审：信息公开前的保密审查。"""
    if version:
        print(f"xianshen {__version__}")
        raise typer.Exit


def main() -> None:
    """Run the command line; an error is one line in Chinese on standard error."""
    try:
        app()
    except XianshenError as error:
        Console(stderr=True, highlight=False).print(
            f"错误：{error.message}", markup=False
        )
        sys.exit(EXIT_USAGE if isinstance(error, UsageError) else 1)


if __name__ == "__main__":
    main()
