"""A child whose functions do what no function of ours would: for the tests of the walls."""

import ctypes
import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from review.errors import BombError
from review.sandbox.child import main
from review.sandbox.functions import Function, Tell


def _echo(data: bytes, options: Mapping[str, Any]) -> tuple[Any, bytes]:
    return {**options, "environment": dict(os.environ)}, data  # noqa: TID251 - is it empty?


def _loop(_data: bytes, _options: Mapping[str, Any]) -> tuple[Any, bytes]:
    while True:
        pass


def _sleep(_data: bytes, _options: Mapping[str, Any]) -> tuple[Any, bytes]:
    time.sleep(3600)
    return None, b""


def _hog(_data: bytes, _options: Mapping[str, Any]) -> tuple[Any, bytes]:
    kept = []
    while True:
        kept.append(bytearray(8 * 1024 * 1024))


def _crash(_data: bytes, _options: Mapping[str, Any]) -> tuple[Any, bytes]:
    os.abort()


def _segfault(_data: bytes, _options: Mapping[str, Any]) -> tuple[Any, bytes]:
    return ctypes.string_at(0), b""


def _stumble(data: bytes, _options: Mapping[str, Any]) -> tuple[Any, bytes]:
    raise ValueError(data.decode())


def _refuse(_data: bytes, _options: Mapping[str, Any]) -> tuple[Any, bytes]:
    raise BombError("展开后过大，请拆分后再试。")


def _chat(_data: bytes, _options: Mapping[str, Any]) -> tuple[Any, bytes]:
    os.write(1, b"a library chats on the standard output\n")
    return "said", b""


def _flood(_data: bytes, options: Mapping[str, Any]) -> tuple[Any, bytes]:
    return None, bytes(options["length"])


def _nonsense(_data: bytes, _options: Mapping[str, Any]) -> tuple[Any, bytes]:
    for way in range(3, 64):
        try:
            os.write(way, b"X" * 4096)
        except OSError:
            continue
    os._exit(0)


def _leave(data: bytes, _options: Mapping[str, Any]) -> tuple[Any, bytes]:
    fault = 0
    try:
        path = Path("left.txt").resolve()
    except FileNotFoundError as error:  # there is no room
        return ["", [], error.errno], b""
    try:
        path.write_bytes(data)
    except OSError as error:
        fault = error.errno or 0
    return [str(path), [one.name for one in Path().iterdir()], fault], b""


def _write(data: bytes, options: Mapping[str, Any]) -> tuple[Any, bytes]:
    faults = []
    for one in options["paths"]:
        try:
            Path(one).open("xb").close()
        except OSError as error:
            faults.append(error.errno)
        else:
            faults.append(0)
    return faults, data


def _peek(_data: bytes, _options: Mapping[str, Any]) -> tuple[Any, bytes]:
    attach = 16  # PTRACE_ATTACH
    libc = ctypes.CDLL(None, use_errno=True)
    fault = libc.ptrace(attach, os.getppid(), None, None)
    return ctypes.get_errno() if fault else 0, b""


def _assassinate(_data: bytes, _options: Mapping[str, Any]) -> tuple[Any, bytes]:
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(0.2)
    return None, b""


def _call(_data: bytes, _options: Mapping[str, Any]) -> tuple[Any, bytes]:
    names = [name for _, name in socket.if_nameindex()]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        try:
            one.connect(("192.0.2.1", 9))
        except OSError:
            return {"networks": names, "reached": False}, b""
    return {"networks": names, "reached": True}, b""


def _look(_data: bytes, options: Mapping[str, Any]) -> tuple[Any, bytes]:
    return [Path(one).exists() for one in options["paths"]], b""


def _limits(_data: bytes, _options: Mapping[str, Any]) -> tuple[Any, bytes]:
    names = ("AS", "CORE", "CPU", "FSIZE", "NOFILE", "NPROC")
    limits = [resource.getrlimit(getattr(resource, f"RLIMIT_{one}")) for one in names]
    return {one: limit[0] for one, limit in zip(names, limits, strict=True)}, b""


def _ask(_data: bytes, _options: Mapping[str, Any]) -> tuple[Any, bytes]:
    return os.getpid(), b""


def _step(data: bytes, _options: Mapping[str, Any], tell: Tell) -> tuple[Any, bytes]:
    for at in range(len(data)):
        tell([at, len(data)])
    return "done", data


def _function(name: str, work: Callable[..., Any]) -> Function:
    """Return a function that tells nothing on its way."""
    return Function(name, lambda data, options, _tell: work(data, options))


if __name__ == "__main__":
    main(
        sys.argv[1:],
        (
            _function("echo", _echo),
            _function("loop", _loop),
            _function("sleep", _sleep),
            _function("hog", _hog),
            _function("crash", _crash),
            _function("segfault", _segfault),
            _function("stumble", _stumble),
            _function("refuse", _refuse),
            _function("chat", _chat),
            _function("flood", _flood),
            _function("nonsense", _nonsense),
            _function("leave", _leave),
            _function("write", _write),
            _function("peek", _peek),
            _function("assassinate", _assassinate),
            _function("call", _call),
            _function("look", _look),
            _function("limits", _limits),
            _function("ask", _ask),
            Function("step", _step),
        ),
        load=lambda: None,
    )
