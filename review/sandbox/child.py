"""The child of a sandbox: takes its limits on before it reads anything, works, answers.

Started as `python -I -m review.sandbox.child NAME SECONDS MEMORY FILES PROCESSES` with
the file on its standard input. What it says is JSON and bytes; nothing of it is executed.
"""

import json
import os
import resource
import signal
import sys
from collections.abc import Callable, Sequence
from typing import Any, Final, NoReturn

from review.errors import CorruptError, NotFoundError, TooLargeError, UnreadableError
from review.sandbox.confining import (
    bind_to_parent,
    give_air,
    keep_private,
    lower,
    place_of,
)
from review.sandbox.frames import ANSWER, FAULT, HEAD, STEP, framed
from review.sandbox.functions import FUNCTIONS, Function, Tell, load_all
from review.sandbox.nurse import SERVE, serve

_FEW_FILES: Final = 64
_MOST_FILES: Final = 1024  # where other programs work in there
_GRACE: Final = 2  # seconds of processor time between the warning and the end
_AIR: Final = 64 * 1024 * 1024  # bytes kept back for the last words
_OUT_OF_MEMORY: Final = (
    "处理这个文件需要的内存超过上限，没有完成；请拆分或压缩图片后再试。"
)
_STUMBLED: Final = (
    "处理这个文件时程序出错，没有完成；请下载原件查看，或报告系统管理员。"
)


def main(
    arguments: Sequence[str],
    functions: Sequence[Function] = FUNCTIONS,
    load: Callable[[], None] = load_all,
) -> NoReturn:
    """Run one function on what stands on the standard input, and end.

    Where the one argument is `serve`, `load` and do that again and again, forking.
    """
    if list(arguments) == [SERVE]:
        serve(lambda order: main(order, functions), load)
    name, *bounds = arguments
    _confine(*map(int, bounds))
    out = _own_way_out()
    try:
        answer = _answer(name, functions, lambda step: _say(out, framed(STEP, step)))
    except MemoryError:
        give_air()
        answer = _fault(TooLargeError(_OUT_OF_MEMORY), "MemoryError")
    except (UnreadableError, NotFoundError) as error:
        answer = _fault(error, error.code)
    except BaseException as error:  # noqa: BLE001 - the last line of a child
        answer = _fault(CorruptError(_STUMBLED), place_of(error))
    _say(out, answer)
    os._exit(0)


def _answer(name: str, functions: Sequence[Function], tell: Tell) -> bytes:
    """Return what the function makes; framed here, so that memory may end here too."""
    work = next(one.work for one in functions if one.name == name)
    with open(0, "rb", buffering=0) as given:
        _, text, length = HEAD.unpack(_exactly(given, HEAD.size))
        options = json.loads(_exactly(given, text))
        data = _exactly(given, length)
    value, made = work(data, options, tell)
    return framed(ANSWER, value, made)


def _confine(seconds: int, memory: int, files: int, processes: int) -> None:
    """Take the limits on; `files` is the bytes of a file, `processes` how many more."""
    keep_private()
    bind_to_parent(signal.SIGKILL)
    lower(resource.RLIMIT_FSIZE, files, files)
    lower(resource.RLIMIT_NPROC, processes, processes)
    most = _MOST_FILES if processes else _FEW_FILES
    lower(resource.RLIMIT_NOFILE, most, most)
    lower(resource.RLIMIT_CPU, seconds, seconds + _GRACE)
    lower(resource.RLIMIT_AS, memory, memory + _AIR)


def _own_way_out() -> int:
    """Keep the standard output for the answer: a library may chat on it."""
    out = os.dup(1)
    os.dup2(2, 1)
    return out


def _exactly(given: Any, length: int) -> bytes:
    """Return so many bytes; in pieces, since the parent may have gone away."""
    body = bytearray()
    while len(body) < length:
        more = given.read(length - len(body))
        if not more:
            raise EOFError("the parent has gone")
        body += more
    return bytes(body)


def _fault(error: UnreadableError | NotFoundError, what: str) -> bytes:
    said = {"code": error.code, "message": error.message, "what": what}
    return framed(FAULT, said)


def _say(out: int, answer: bytes) -> None:
    left = memoryview(answer)
    while left:
        left = left[os.write(out, left) :]


if __name__ == "__main__":
    main(sys.argv[1:])
