"""What we stand on: licences that we may use, and weaknesses that make a check fail."""

import json
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
import regex
from packaging.utils import canonicalize_name

_ROOT = Path(__file__).resolve().parents[2]
_INVENTORY = _ROOT / ".ci" / "inventory.py"
_AUDIT = _ROOT / ".ci" / "audit.py"
_FORBIDDEN = regex.compile(r"\bAGPL|affero|\bSSPL|server side public|commons clause", 2)
_LOCKED = regex.compile(r"^([a-z0-9._-]+)==", regex.MULTILINE)


def _locked() -> set[str]:
    found = _LOCKED.findall((_ROOT / "requirements.lock").read_text("utf-8"))
    return {canonicalize_name(one) for one in found}


def _installed() -> list[metadata.Distribution]:
    wanted = _locked()
    return [
        one
        for one in metadata.distributions()
        if canonicalize_name(one.metadata["Name"]) in wanted
    ]


def _licence(one: metadata.Distribution) -> str:
    said = one.metadata
    classified = [
        each for each in said.get_all("Classifier", []) if each.startswith("License")
    ]
    # Some put the whole text there; its first lines name it.
    own = (said.get("License") or "")[:200]
    return " | ".join([said.get("License-Expression") or "", own, *classified])


def test_what_is_installed_is_what_is_locked() -> None:
    assert len(_installed()) > 50


@pytest.mark.parametrize("one", _installed(), ids=lambda one: one.metadata["Name"])
def test_every_licence_lets_us_use_it(one: metadata.Distribution) -> None:
    licence = _licence(one)
    named = licence.strip(" |") or any(
        "licen" in str(file).lower() or "copying" in str(file).lower()
        for file in one.files or ()
    )
    assert named, "no licence is stated"
    assert not _FORBIDDEN.search(licence), licence


def test_the_search_would_see_such_a_licence() -> None:
    for text in ("AGPL-3.0-only", "GNU Affero General Public License v3", "SSPL-1.0"):
        assert _FORBIDDEN.search(text)
    assert not _FORBIDDEN.search("LGPL-3.0-only | BSD-3-Clause | MIT | Apache-2.0")


@pytest.mark.skipif(
    sys.version_info[:2] != (3, 11) or sys.platform != "linux",
    reason="the list is made on Linux with Python 3.11",
)
def test_licences_and_parts_are_listed_as_they_are() -> None:
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, _INVENTORY, "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


# --- the audit ---

_LOCK = """\
cryptography==1.0 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
# a remark
jinja2==2.10 \\
    --hash=sha256:cc
"""
_SOUND = {"name": "cryptography", "version": "1.0", "vulns": []}
_WEAK = {
    "name": "jinja2",
    "version": "2.10",
    "vulns": [{"id": "PYSEC-0", "fix_versions": ["2.11"], "description": "…"}],
}
_UNKNOWN = {"name": "jinja2", "skip_reason": "not found"}


def _audit(tmp_path: Path, answer: str | None) -> tuple[int, str]:
    """Run the audit with a stand-in for the tool, which has no network here."""
    program = tmp_path / "pip-audit"
    if answer is not None:
        (tmp_path / "answer").write_text(answer, "utf-8")
        program.write_text(f"#!/bin/sh\ncat {tmp_path}/answer\n", "utf-8")
        program.chmod(0o700)
    lock = tmp_path / "lock"
    lock.write_text(_LOCK, "utf-8")
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, str(_AUDIT), str(lock), "--program", str(program)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [
        ([_SOUND], 0, "没有已知漏洞"),
        ([_SOUND, _WEAK], 1, "jinja2 2.10 PYSEC-0，修复版本 2.11"),
        ([_SOUND, _UNKNOWN], 0, "查不到 1 个：jinja2"),
        ([_UNKNOWN], 0, "漏洞库连不上"),
        ("Traceback: no network", 0, "漏洞库连不上"),
        (None, 0, "漏洞库连不上"),
    ],
)
def test_only_a_known_weakness_fails(
    tmp_path: Path, answer: object, status: int, said: str
) -> None:
    text = json.dumps({"dependencies": answer}) if isinstance(answer, list) else answer
    found = _audit(tmp_path, text)  # type: ignore[arg-type]  # - text or None
    assert found[0] == status
    assert said in found[1]
