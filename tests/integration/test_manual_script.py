"""The script of the manual runs as it stands, and leaves what it says."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

_SCRIPT = Path(__file__).parents[2] / "docs" / "手册" / "全过程.sh"


@pytest.mark.slow
def test_the_whole_journey_of_the_manual_runs(tmp_path: Path) -> None:
    bash = shutil.which("bash")
    assert bash is not None
    # Where there is no .venv in the checkout, the script takes `xianshen` from here.
    path = os.pathsep.join((str(Path(sys.executable).parent), os.defpath))
    results = tmp_path / "成果"
    done = subprocess.run(  # noqa: S603 - our own script
        [bash, _SCRIPT, results],
        capture_output=True,
        check=False,
        env={"PATH": path, "HOME": str(tmp_path), "TMPDIR": str(tmp_path)},
        timeout=600,
    )
    said = done.stdout.decode()
    assert (done.returncode, done.stderr.decode()) == (0, ""), said
    for words in (
        "待修改",
        "删去“负责监工的小伙子",
        "同意公开",
        "与许可的内容一致",
        "（退出码 1：不能发布）",
        "已公开",
        "核验通过",
        "完好：记录链和导出文件没有被改动",
    ):
        assert words in said
    for name in ("审查表.docx", "审查台账.xlsx", "月度汇总.xlsx"):
        assert zipfile.is_zipfile(results / name)
    assert (results / "审查表.pdf").read_bytes().startswith(b"%PDF")
    assert (results / "公开许可.jws").read_text("ascii").count(".") == 2
    # The data folder, the keys in it included, is gone.
    assert sorted(one.name for one in tmp_path.iterdir()) == ["成果"]
