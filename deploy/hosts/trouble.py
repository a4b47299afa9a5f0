"""What befalls the hosts, one after the other, while people work."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import httpx2

from deploy.hosts import network, servers
from deploy.hosts.asking import Balancer, moment
from deploy.hosts.machines import Machine, until
from deploy.hosts.office import PORT
from deploy.hosts.turn import holding_the_turn

SITES: Final = ("api1", "api2")
WORKERS: Final = ("worker1", "worker2", "worker3")
_BACK: Final = 90.0  # seconds until a host must be there again
_WATCHED: Final = 5.0  # seconds
_LONG: Final = 35.0  # seconds: longer than anybody waits for his turn


@dataclass(frozen=True, slots=True)
class Happened:
    """What befell, from when until when all was in order again."""

    what: str
    began: float
    ended: float


@dataclass
class Trouble:
    """The hosts by name, and what has befallen them so far."""

    machines: Mapping[str, Machine]
    balancer: Balancer
    happened: list[Happened] = field(default_factory=list)

    def all(self) -> Sequence[tuple[str, Callable[[], None]]]:
        """Return everything that befalls them, in order."""
        return (
            ("worker3 断网（开始）", lambda: network.cut("worker3")),
            ("api1 断网 10 秒", lambda: self._cut("api1", 10)),
            ("kill -9 worker1", lambda: self._killed("worker1")),
            ("worker2 断网 10 秒", lambda: self._cut("worker2", 10)),
            ("kill -9 redis，重启后是空的", lambda: self._killed("redis")),
            ("api2 断电", lambda: self._power("api2")),
            ("kill -9 postgres", lambda: self._killed("postgres")),
            ("redis 断网 10 秒", lambda: self._cut("redis", 10)),
            ("postgres 断网 20 秒", lambda: self._cut("postgres", 20)),
            ("worker3 接上（断了将近两分钟）", lambda: network.heal("worker3")),
            ("api1 轮到写的时候断网 35 秒", self._cut_in_its_turn),
            ("worker3 断电", lambda: self._power("worker3")),
            ("redis 断电", lambda: self._power("redis")),
            ("postgres 断电", lambda: self._power("postgres")),
            ("api2 停住不动 10 秒", lambda: self._frozen("api2", 10)),
            ("kill -9 api1", lambda: self._killed("api1")),
            ("清空 redis", self._flush),
            ("postgres 不回 api1、worker1，12 秒", lambda: self._parted(12)),
        )

    def befall(self, what: str, how: Callable[[], None]) -> None:
        """Let one thing happen, and keep when."""
        began = moment()
        how()
        self.happened.append(Happened(what, began, moment()))

    def roll(self, words_of: Callable[[str], Sequence[str]]) -> None:
        """Let each host run another version, one after the other."""
        for name in (*SITES, *WORKERS):
            self.befall(f"{name} 换版本", partial(self._roll, name, words_of))

    def overtake(self, words_of: Callable[[str], Sequence[str]]) -> Sequence[str]:
        """Upgrade the database under programs that still run; return what they did then.

        Nobody should do so: all hosts are to be stopped before. Who forgets one must not
        have harm from it.
        """
        first = self.machines[SITES[0]]
        python = words_of(SITES[0])[0]
        began = moment()
        done = first.run(python, "-m", "review.cli.main", "db", "upgrade")
        self.happened.append(Happened("xianshen db upgrade", began, moment()))
        if done.returncode != 0:
            return (f"db upgrade：{done.stdout}{done.stderr}",)
        time.sleep(1)
        before = servers.entries(self.machines["postgres"].address)
        time.sleep(_WATCHED)
        after = servers.entries(self.machines["postgres"].address)
        wrong = [f"旧程序又写了 {after - before} 条"] if after != before else []
        wrong += [f"{one} 说自己能办事" for one in SITES if self.is_back(one)]
        self.happened.append(Happened("旧程序还在就升级数据库", began, moment()))
        self.roll(words_of)
        return wrong

    def is_back(self, name: str) -> bool:
        """Tell whether a host does its work."""
        machine = self.machines[name]
        if name == "postgres":
            return servers.answers_sql(machine.address)
        if name == "redis":
            return servers.answers_redis(machine.address)
        if name in SITES:
            return _is_ready(machine.address)
        return machine.is_running()

    def _cut(self, name: str, seconds: float) -> None:
        network.cut(name)
        time.sleep(seconds)
        network.heal(name)
        self._until_back(name)

    def _parted(self, seconds: float) -> None:
        """Let PostgreSQL not be heard by two hosts that all others go on to hear."""
        deaf = [self.machines[one].address for one in (SITES[0], WORKERS[0])]
        network.part("postgres", *deaf)
        time.sleep(seconds)
        network.join_again("postgres", *deaf)
        self._until_back(SITES[0])

    def _killed(self, name: str) -> None:
        self.machines[name].die()
        time.sleep(2)
        self.machines[name].boot()
        self._until_back(name)

    def _power(self, name: str) -> None:
        self.machines[name].lose_power()
        time.sleep(5)
        self.machines[name].boot()
        self._until_back(name)

    def _frozen(self, name: str, seconds: float) -> None:
        self.machines[name].freeze()
        time.sleep(seconds)
        self.machines[name].thaw()
        self._until_back(name)

    def _flush(self) -> None:
        servers.flush(self.machines["redis"].address)

    def _cut_in_its_turn(self) -> None:
        """Let a host take the writers' turn, and be cut off before it gives it back."""
        machine = self.machines["api1"]
        with holding_the_turn(machine, machine.words[0]):
            network.cut(machine.name)
            time.sleep(_LONG)
            network.heal(machine.name)
            self._until_back(machine.name)

    def _roll(self, name: str, words_of: Callable[[str], Sequence[str]]) -> None:
        machine = self.machines[name]
        machine.stop()
        machine.words = tuple(words_of(name))
        machine.boot()
        self._until_back(name)

    def _until_back(self, *names: str) -> None:
        for name in names:
            until(partial(self.is_back, name), seconds=_BACK, what=name)


def _is_ready(address: str) -> bool:
    try:
        answer = httpx2.get(f"http://{address}:{PORT}/readyz", timeout=3.0)
    except httpx2.HTTPError:
        return False
    return answer.status_code == 200  # noqa: PLR2004
