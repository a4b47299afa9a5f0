"""Where rapidocr is missing: the real tesseract reads in a sandbox, whoever starts it.

Without the program these tests are skipped, unless `XIANSHEN_TEST_TESSERACT=required`
says that there has to be one.
"""

import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from review.extract.limits import Limits
from review.letters import models
from review.sandbox import nursery
from review.sandbox import sandbox as room
from review.sandbox.reader import SandboxReader
from review.sandbox.walls import bubblewrap
from tests.unit.letters import drawn

pytestmark = pytest.mark.slow

_NOBODY = 65534
_ROOT = Path(__file__).parents[3]
_PAGE = (
    "各系部、处室：根据学院年度工作安排，现将有关事项通知如下。",
    "一、各单位应于三月底前报送本年度工作计划，逾期不予受理。",
    "二、联系人及电话见附表，如有变动请及时告知办公室。",
)
_READ = """
import json, sys
from pathlib import Path
from review.extract.limits import Limits
from review.letters import models
from review.sandbox import nursery, sandbox
from review.sandbox.reader import SandboxReader
models._PACKAGE = "no_such_package_here"
if sys.argv[2] == "limits alone":
    sandbox.walled = nursery.walled = lambda *_, **__: ()
if __name__ == "__main__":
    read = SandboxReader()(Path(sys.argv[1]).read_bytes(), "scan.pdf", Limits())
    said = [one.text for one in read.blocks], [one.message for one in read.gaps]
    print(json.dumps(said))
"""
# What was started with rights may lose them as it starts: only a child of it is sure.
_TRIAL = """
import subprocess, sys
import PIL, review.sandbox.child
subprocess.run((sys.executable, "-I", "-c", "pass"), check=True)
"""


@pytest.fixture(autouse=True, scope="module")
def tesseract() -> None:
    wanted = os.environ.get("XIANSHEN_TEST_TESSERACT")  # noqa: TID251 - how the tests run
    program = shutil.which("tesseract")
    if program is not None:
        listed = subprocess.run(  # noqa: S603 - our own words
            (program, "--list-langs"), check=True, capture_output=True, text=True
        )
        if "chi_sim" in listed.stdout.split():
            return
    if wanted == "required":
        pytest.fail("tesseract is not installed, or not with chi_sim")
    pytest.skip("tesseract is not installed, or not with chi_sim")


@pytest.fixture(params=["walls", "limits alone"])
def way(request: pytest.FixtureRequest) -> str:
    if request.param == "walls" and bubblewrap() is None:
        pytest.skip("bubblewrap does not work here")
    return str(request.param)


def _scan() -> bytes:
    page = drawn.blank()
    lines = [part for one in _PAGE for part in drawn.wrapped(one, 30)]
    drawn.write(page, lines, size=44)
    made = io.BytesIO()
    page.save(made, "PDF", resolution=drawn.DPI)
    return made.getvalue()


def _assert_read(texts: list[str], gaps: list[str]) -> None:
    letters = "".join(one for one in "".join(texts) if one.isalnum())
    assert "根据学院年度工作安排" in letters, (texts, gaps)
    assert "逾期不予受理" in letters
    assert gaps == []


def test_a_scan_is_read_by_it(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "_PACKAGE", "no_such_package_here")
    if way == "limits alone":
        monkeypatch.setattr(room, "walled", lambda *_, **__: ())
        monkeypatch.setattr(nursery, "walled", lambda *_, **__: ())
    own: dict[nursery.Order, Any] = {}
    monkeypatch.setattr(nursery, "_open", own)
    try:
        read = SandboxReader()(_scan(), "扫描.pdf", Limits())
    finally:
        while own:
            own.popitem()[1].close()
    _assert_read([x.text for x in read.blocks], [x.message for x in read.gaps])


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Yield a folder that every user may look into."""
    with tempfile.TemporaryDirectory() as made:
        Path(made).chmod(0o755)
        yield Path(made)


def _as_nobody(*words: str) -> "subprocess.CompletedProcess[str]":
    user = f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups"
    return subprocess.run(  # noqa: S603 - our own words
        ("/usr/bin/setpriv", *user, *words),
        check=False,
        capture_output=True,
        text=True,
        env={},
    )


def _python_of_nobody(folder: Path) -> str:
    """Return a Python with our libraries that a user without rights can start."""
    if os.geteuid():
        pytest.skip("only root can become somebody else; the tests above ran without")
    libraries = [one for one in sys.path if Path(one).name.endswith("-packages")]
    for base in (str(Path(sys.base_prefix) / "bin" / "python3"), "/usr/bin/python3"):
        home = folder / f"python{len(list(folder.iterdir()))}"
        venv = (base, "-m", "venv", "--without-pip", str(home))
        subprocess.run(venv, check=False, capture_output=True)  # noqa: S603 - our own words
        for site in home.glob("lib/python*/site-packages"):
            (site / "own.pth").write_text("\n".join((str(_ROOT), *libraries)))
        python = str(home / "bin" / "python")
        try:
            tried = _as_nobody(python, "-I", "-c", _TRIAL)
        except OSError:
            continue
        if not tried.returncode:
            return python
    pytest.skip("no Python and checkout here that a user without rights can read")


def test_a_user_without_rights_reads_it_too(way: str, open_folder: Path) -> None:
    # A limit on processes does not bind root: as root the test above proves little.
    python = _python_of_nobody(open_folder)
    for name, data in (("scan.pdf", _scan()), ("read.py", _READ.encode())):
        (open_folder / name).write_bytes(data)
    words = [str(open_folder / one) for one in ("read.py", "scan.pdf")]
    done = _as_nobody(python, "-I", *words, way)
    assert not done.returncode, done.stderr
    texts, gaps = json.loads(done.stdout)
    _assert_read(texts, gaps)
