"""`make bundle`: everything that a machine without a network needs, as one archive in `dist/`."""

import argparse
import subprocess
import sys
import sysconfig
import tempfile
import tomllib
from pathlib import Path

from deploy.bundle.layout import Release, lay_out, pack
from deploy.bundle.locked import to_run
from deploy.bundle.wheels import build_own, fetch, only_wheels

_ROOT = Path(__file__).resolve().parents[2]
_PYTHON = (3, 11)
_MACHINE = "linux-x86_64"
_MB = 1_000_000


def main() -> int:
    """Build the archive; say where it lies."""
    wanted = _arguments()
    if sys.version_info[:2] != _PYTHON or sysconfig.get_platform() != _MACHINE:
        print(
            "安装包只能在 x86_64 的 Linux 上用 Python 3.11 制作（wheel 随平台不同）。"
        )
        return 2
    release = release_of(_ROOT)
    with tempfile.TemporaryDirectory(dir=wanted.room) as room:
        wheels = Path(room) / "wheels"
        wheels.mkdir()
        try:
            fetch(to_run(_ROOT), wheels)
            only_wheels(wheels)
            build_own(_ROOT, wheels)
        except (LookupError, ValueError) as error:
            print(error.args[0])
            return 1
        except subprocess.CalledProcessError:
            print("依赖没有取全：原因见上面。制作安装包需要联网，安装时不需要。")
            return 1
        folder = lay_out(release, _ROOT, wheels.iterdir(), Path(room))
        wanted.output.mkdir(parents=True, exist_ok=True)
        made = pack(folder, release, wanted.output)
    print(f"{made}（{made.stat().st_size / _MB:.0f} MB）")
    if release.commit.endswith("+"):
        print("注意：工作区有没有提交的改动，安装包里有它们。")
    return 0


def release_of(root: Path) -> Release:
    """Return what a checkout would be released as; a `+` marks changes that are not committed."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    commit, at = _git(root, "log", "-1", "--format=%H %ct").split()
    changed = "+" if _git(root, "status", "--porcelain") else ""
    return Release(str(project["version"]), f"{commit}{changed}", int(at))


def _git(root: Path, *words: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own words
        ["git", "-C", str(root), *words],  # noqa: S607 - as the user has it
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="制作不联网也能安装的安装包")
    parser.add_argument(
        "-o", "--output", type=Path, default=_ROOT / "dist", help="放到哪个文件夹"
    )
    parser.add_argument("--room", type=Path, help="临时文件放在哪里（约 1 GB）")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
