"""The child of a sandbox: takes its limits on before it reads anything, works, answers.

Started as `python -I -m review.sandbox.child NAME SECONDS MEMORY FILES PROCESSES` with
the file on its standard input. What it says is JSON and bytes; nothing of it is executed.
"""

import ctypes
import json
import os
import resource
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import Any, Final, NoReturn

from review.errors import CorruptError, NotFoundError, TooLargeError, UnreadableError
from review.sandbox.frames import ANSWER, FAULT, HEAD, STEP, framed
from review.sandbox.functions import FUNCTIONS, Function, Tell, load_all
from review.sandbox.nurse import SERVE, serve

_DIE_WITH_PARENT: Final = 1  # PR_SET_PDEATHSIG
_PRIVATE: Final = 0o077
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
        _give_air()
        answer = _fault(TooLargeError(_OUT_OF_MEMORY), "MemoryError")
    except (UnreadableError, NotFoundError) as error:
        answer = _fault(error, error.code)
    except BaseException as error:  # noqa: BLE001 - the last line of a child
        answer = _fault(CorruptError(_STUMBLED), _place_of(error))
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
    os.umask(_PRIVATE)
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    _lower(resource.RLIMIT_CORE, 0, 0)
    _lower(resource.RLIMIT_FSIZE, files, files)
    _lower(resource.RLIMIT_NPROC, processes, processes)
    most = _MOST_FILES if processes else _FEW_FILES
    _lower(resource.RLIMIT_NOFILE, most, most)
    _lower(resource.RLIMIT_CPU, seconds, seconds + _GRACE)
    _lower(resource.RLIMIT_AS, memory, memory + _AIR)


def _lower(what: int, warning: int, end: int) -> None:
    """Set a limit, within the one that this process was born with."""
    most = resource.getrlimit(what)[1]
    if most != resource.RLIM_INFINITY:
        warning, end = min(warning, most), min(end, most)
    resource.setrlimit(what, (warning, end))


def _give_air() -> None:
    """Leave enough memory to say that there was too little."""
    most = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


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


def _place_of(error: BaseException) -> str:
    """Return kind and place of an error; what it says may quote the draft."""
    place, trace = "", error.__traceback__
    while trace is not None:
        file = PurePath(trace.tb_frame.f_code.co_filename)
        place = f" in {file.parent.name}/{file.name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__}{place}"


def _say(out: int, answer: bytes) -> None:
    left = memoryview(answer)
    while left:
        left = left[os.write(out, left) :]


if __name__ == "__main__":
    main(sys.argv[1:])
