# ruff: noqa: INP001, T201 - a script by itself that prints
"""Does what a Containerfile says, in a fresh Debian 12 root and without a container engine.

Knows FROM (a debootstrapped root), RUN, COPY, ENV, USER and WORKDIR; then runs the given
command as the image would. Needs root. It proves the steps, not the engine.
"""

import argparse
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_MIRROR = "http://deb.debian.org/debian"
_PASSED_OVER = frozenset({"VOLUME", "EXPOSE", "STOPSIGNAL", "ENTRYPOINT", "CMD"})


@dataclass
class Image:
    """The root so far, and how things are started in it."""

    root: Path
    context: Path
    environment: dict[str, str] = field(default_factory=lambda: {"PATH": _PATH})
    user: str = "root"
    folder: str = "/"

    def run(self, *words: str) -> None:
        """Run a command in the root as the user of now, in namespaces of its own."""
        given = [f"{name}={value}" for name, value in self.environment.items()]
        become = ["setpriv", "--reuid", self.user, "--regid", self.user]
        into = [*become, "--init-groups", "env", "-i", *given]
        inside = f"mount -t proc proc /proc; cd {self.folder}; exec {shlex.join([*into, *words])}"
        subprocess.run(  # noqa: S603 - what the file says is what is tried
            [
                *("unshare", "--mount", "--pid", "--fork", "--kill-child"),
                *("chroot", str(self.root), "/bin/sh", "-c", inside),
            ],
            check=True,
            env={"PATH": _PATH},
        )

    def copy(self, words: list[str]) -> None:
        """Copy files of the context into the root."""
        *sources, target = words
        into = self.root / target.lstrip("/")
        into.mkdir(parents=True, exist_ok=True)
        for pattern in sources:
            found = list(self.context.glob(pattern))
            if not found:
                raise SystemExit(f"COPY：{self.context} 里没有 {pattern}")
            for one in found:
                shutil.copy(one, into)


def instructions(text: str) -> Iterator[tuple[str, str]]:
    """Yield each instruction with its words, continued lines joined."""
    lines = [one for one in text.splitlines() if not one.lstrip().startswith("#")]
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        name, _, rest = line.strip().partition(" ")
        if name:
            yield name.upper(), rest.strip()


def build(image: Image, text: str, cache: Path | None) -> None:
    """Carry out every instruction in its order."""
    known: dict[str, Callable[[str], None]] = {
        "FROM": lambda _: _bootstrap(image.root, cache),
        "RUN": lambda rest: image.run("/bin/sh", "-c", rest),
        "COPY": lambda rest: image.copy(shlex.split(rest)),
        "ENV": lambda rest: image.environment.update(
            (one.partition("=")[0], one.partition("=")[2]) for one in shlex.split(rest)
        ),
        "USER": lambda rest: setattr(image, "user", rest),
        "WORKDIR": lambda rest: setattr(image, "folder", rest),
    }
    for name, rest in instructions(text):
        print(f"== {name} {rest[:100]}", flush=True)
        if name in known:
            known[name](rest)
        elif name not in _PASSED_OVER:
            raise SystemExit(f"不认识 {name}")


def _bootstrap(root: Path, cache: Path | None) -> None:
    words = ["debootstrap", "--variant=minbase"]
    if cache is not None and not cache.exists():
        subprocess.run(  # noqa: S603 - our own words
            [*words, f"--make-tarball={cache}", "bookworm", f"{root}.fetch", _MIRROR],
            check=True,
            stdout=subprocess.DEVNULL,
        )
    held = [f"--unpack-tarball={cache}"] if cache is not None else []
    subprocess.run(  # noqa: S603 - our own words
        [*words, *held, "bookworm", str(root), _MIRROR],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    shutil.copy("/etc/resolv.conf", root / "etc" / "resolv.conf")
    # Programs that are installed want the usual devices.
    for name, minor in (("null", 3), ("zero", 5), ("random", 8), ("urandom", 9)):
        path = root / "dev" / name
        if not path.exists():
            os.mknod(path, 0o666 | 0o020000, os.makedev(1, minor))


def main() -> None:
    """Build, run the command, take the root away."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="Containerfile")
    parser.add_argument("context", type=Path, help="COPY 从哪个文件夹取")
    parser.add_argument("--cache", type=Path, help="最小系统的安装包缓存")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="建好以后运行什么")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="container-", dir="/var/tmp") as room:
        image = Image(Path(room) / "root", wanted.context)
        cache = wanted.cache.absolute() if wanted.cache else None
        build(image, wanted.file.read_text("utf-8"), cache)
        if wanted.command:
            image.run(*wanted.command)


if __name__ == "__main__":
    main()
