"""`python -m deploy.hosts`: the whole trial; run by `deploy/try/several-hosts.sh`."""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from deploy.hosts import network, office, servers, versions
from deploy.hosts.asking import Balancer, Caller, Log, sign_in
from deploy.hosts.machines import Machine, until
from deploy.hosts.stories import Office
from deploy.hosts.telling import tell
from deploy.hosts.trouble import SITES, WORKERS, Trouble
from deploy.hosts.verdict import judged, verified

_TELLERS: Final = 4
_ASKERS: Final = 2
_CALM: Final = 2.0  # seconds between two troubles
# A host that is gone for good is missed after 90 seconds; what it had is done then.
_SETTLED: Final = 150.0


@dataclass
class Hosts:
    """All hosts by name, and where their folders lie."""

    room: Path
    machines: dict[str, Machine]
    pythons: Mapping[str, Path]

    def words(self, name: str, version: str) -> Sequence[str]:
        """Return what a site or a worker host runs, as the units have it."""
        python = str(self.pythons[version])
        if name in SITES:
            return (python, "-P", "-m", "api")
        return (python, "-P", "-m", "review.cli.main", "worker", "--count", "1")


def main() -> int:
    """Set everything up, let trouble befall it, look; return the exit status."""
    parser = argparse.ArgumentParser(prog="several-hosts", description=__doc__)
    parser.add_argument("--only", default="", help="只做名称里有这几个字的故障")
    parser.add_argument("--keep", type=Path, default=None, help="日志留在这个文件夹")
    wanted = parser.parse_args()
    lacking = servers.missing()
    if lacking:
        print(f"缺少：{'、'.join(lacking)}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="hosts-", dir="/var/tmp") as folder:
        room = wanted.keep or Path(folder)
        room.mkdir(exist_ok=True)
        room.chmod(0o711)
        with _running(room) as hosts:
            return _try(hosts, wanted.only)


def _try(hosts: Hosts, only: str) -> int:
    log = Log()
    balancer = Balancer(tuple(hosts.machines[one].address for one in SITES))
    trouble = Trouble(hosts.machines, balancer)
    at_work = _opened(hosts, trouble, log)
    time.sleep(_CALM * 2)
    for what, how in trouble.all():
        if only in what:
            _befall(trouble, what, how)
    _say(f"数据库连接 {servers.connections(hosts.machines['postgres'].address)} 个")
    if only in "换版本":
        _say("一台一台换版本，数据库不变")
        trouble.roll(lambda name: hosts.words(name, versions.NEXT))
    if only in "升级数据库":
        _say("旧程序还在就升级数据库，再换版本")
        newer = trouble.overtake(lambda name: hosts.words(name, versions.NEWER))
        at_work.problems.extend(newer)
    time.sleep(_CALM)
    at_work.close(_SETTLED)
    _settle(hosts.machines["postgres"].address)
    balancer.stop()
    verdict = judged(at_work, hosts.machines["postgres"].address)
    verified(verdict, [hosts.machines[one] for one in (*SITES, WORKERS[0])])
    return tell(at_work, trouble.happened, verdict)


def _opened(hosts: Hosts, trouble: Trouble, log: Log) -> Office:
    """Found the office, start its hosts, let everybody in and begin to work."""
    founded = office.found(hosts.machines[SITES[0]].environ)
    for name in (*SITES, *WORKERS):
        if name != SITES[0]:
            office.copy_keys(hosts.room / SITES[0], hosts.room / name)
        hosts.machines[name].boot()
    for name in SITES:
        until(partial(trouble.is_back, name), seconds=90, what=name)
    trouble.balancer.start()
    people = {
        person: sign_in(Caller(trouble.balancer, log), person, password)
        for person, password in founded.passwords.items()
    }
    bearer = {"Authorization": f"Bearer {founded.site_key}"}
    at_work = Office(
        trouble.balancer, people, Caller(trouble.balancer, log, headers=bearer)
    )
    _say("各台机器都在，开始办稿件")
    at_work.open(_TELLERS, _ASKERS)
    return at_work


def _befall(trouble: Trouble, what: str, how: Callable[[], None]) -> None:
    _say(what)
    trouble.befall(what, how)
    time.sleep(_CALM)


def _settle(address: str) -> None:
    """Wait until nothing is due and nobody is at work any more."""
    _say("故障都过去了，等手上的办完")
    try:
        idle = partial(servers.is_idle, address)
        took = until(idle, seconds=_SETTLED, what="任务")
        _say(f"等了 {took:.0f} 秒")
    except TimeoutError as error:
        _say(str(error))


@contextmanager
def _running(room: Path) -> Iterator[Hosts]:
    """Lay the network and start PostgreSQL and Redis; end everything at the end."""
    network.lay()
    names = (*SITES, *WORKERS, "redis", "postgres")
    addresses = {one: network.join(one, number + 1) for number, one in enumerate(names)}
    hosts = Hosts(room, {}, versions.all_installed(room))
    database, queue = addresses["postgres"], addresses["redis"]
    hosts.machines["postgres"] = servers.postgres(room, "postgres", database)
    hosts.machines["redis"] = servers.redis_server(room, "redis", queue)
    for name in (*SITES, *WORKERS):
        environ = office.environ_of(
            room / name,
            database=database,
            queue=queue,
            host=addresses[name] if name in SITES else None,
        )
        words = hosts.words(name, versions.NOW)
        hosts.machines[name] = Machine(name, addresses[name], words, environ, room)
    try:
        for name in ("postgres", "redis"):
            hosts.machines[name].boot()
        until(lambda: servers.answers_sql(database), seconds=60, what="postgres")
        servers.make_database(database)
        yield hosts
    finally:
        for one in hosts.machines.values():
            one.die()


def _say(text: str) -> None:
    print(f"== {time.strftime('%H:%M:%S')} {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
