"""Hosts in network namespaces: the smallest trial of `deploy/hosts`, where it can be had."""

import subprocess
import sys

import pytest

from deploy.hosts.servers import missing
from tests.deploy.bundles import ROOT

_ALONE = (
    *("unshare", "--net", "--mount", "--pid", "--fork", "--kill-child"),
    "--mount-proc",
)
_BRIDGE = ("ip", "link", "add", "br0", "type", "bridge")

pytestmark = [pytest.mark.slow]


def _need_namespaces() -> None:
    lacking = missing()
    if lacking:
        pytest.skip(f"several hosts need {', '.join(lacking)}")
    tried = subprocess.run(  # noqa: S603 - our own words
        [*_ALONE, *_BRIDGE], capture_output=True, check=False
    )
    if tried.returncode != 0:
        pytest.skip("no network namespaces can be made here")


def test_a_host_that_is_cut_off_in_its_turn_keeps_nobody_waiting_for_long() -> None:
    """Without it everybody is refused until TCP gives up by itself: for two hours."""
    _need_namespaces()
    done = subprocess.run(  # noqa: S603 - our own program
        [*_ALONE, sys.executable, "-m", "deploy.hosts.turn"],
        capture_output=True,
        check=False,
        cwd=ROOT,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stdout + done.stderr
