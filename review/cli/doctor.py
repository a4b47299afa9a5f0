"""`xianshen doctor`: what is missing, and what to do."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

import typer

from review import clock
from review.bootstrap import is_installed
from review.cli.doctor_machine import equipment, machine
from review.cli.doctor_reading import reading
from review.cli.doctor_result import WORDS, Result
from review.cli.doctor_service import service
from review.settings import Settings, load_settings


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="给程序看的 JSON")] = False,
) -> None:
    """检查整个系统：缺什么、要做什么。不改动任何东西；有问题以 1 退出。"""
    found = []
    for one in examined(load_settings()):
        found.append(one)
        if not as_json:
            _say(one)
    if as_json:
        print(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
    else:
        _sum_up(found)
    if any(one.state == "bad" for one in found):
        raise typer.Exit(1)


def examined(settings: Settings) -> Iterator[Result]:
    """Yield what is found, one thing after the other."""
    yield from machine(settings)
    yield from equipment(settings)
    yield from reading(settings)
    if is_installed(settings):
        yield from service(settings, now=clock.now())


def _say(one: Result) -> None:
    print(f"[{WORDS[one.state]}] {one.name}：{one.said}")
    if one.advice:
        print(f"       → {one.advice}")


def _sum_up(found: list[Result]) -> None:
    bad = sum(one.state == "bad" for one in found)
    notes = sum(one.state == "note" for one in found)
    if bad:
        print(f"有问题 {bad} 项，注意 {notes} 项。")
    else:
        print(f"没有发现问题，注意 {notes} 项。")
