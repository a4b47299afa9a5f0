"""A bridge and a network namespace for each host; links that can be cut and joined again.

To be called in a network and a mount namespace of one's own: then nothing of it is left
behind, whatever happens, and the machine's own network is not touched.
"""

import subprocess
from pathlib import Path
from typing import Final

_BRIDGE: Final = "br0"
_NET: Final = "10.77.0"
OURS: Final = f"{_NET}.254"  # whoever watches, asks and balances
SUBNET: Final = f"{_NET}.0/24"


def lay() -> None:
    """Make the bridge that all hosts hang on."""
    Path("/run/netns").mkdir(exist_ok=True)
    _run("mount", "-t", "tmpfs", "tmpfs", "/run/netns")
    _run("ip", "link", "set", "lo", "up")
    _run("ip", "link", "add", _BRIDGE, "type", "bridge")
    _run("ip", "addr", "add", f"{OURS}/24", "dev", _BRIDGE)
    _run("ip", "link", "set", _BRIDGE, "up")


def join(host: str, number: int) -> str:
    """Give a host a namespace and a link to the bridge; return its address."""
    address = f"{_NET}.{number}"
    _run("ip", "netns", "add", host)
    _run(
        *("ip", "link", "add", _link(host), "type", "veth"),
        *("peer", "name", "eth0", "netns", host),
    )
    _run("ip", "link", "set", _link(host), "master", _BRIDGE, "up")
    _run("ip", "-n", host, "addr", "add", f"{address}/24", "dev", "eth0")
    _run("ip", "-n", host, "link", "set", "eth0", "up")
    _run("ip", "-n", host, "link", "set", "lo", "up")
    return address


def cut(host: str) -> None:
    """Pull the host's plug out of the switch: nothing comes through, nobody is told."""
    # Taken off the bridge, not set down: the host's own card goes on looking well.
    _run("ip", "link", "set", _link(host), "nomaster")


def heal(host: str) -> None:
    """Put the plug back."""
    _run("ip", "link", "set", _link(host), "master", _BRIDGE)


def part(host: str, *others: str) -> None:
    """Let nothing that this host sends come to the others' addresses; all else goes on."""
    for address in others:
        _run("ip", "-n", host, "route", "add", "blackhole", f"{address}/32")


def join_again(host: str, *others: str) -> None:
    """Take that back."""
    for address in others:
        _run("ip", "-n", host, "route", "del", "blackhole", f"{address}/32")


def _link(host: str) -> str:
    return f"to-{host}"


def _run(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True)  # noqa: S603 - our own words
