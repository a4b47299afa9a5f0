"""The service: database, record, vault, queue, workers, backups; looked at, not changed."""

import http.client
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final

import redis
from sqlalchemy import Connection, Engine, text

from review.bootstrap import open_places, queue_url, vault_of
from review.cli.doctor_machine import LOOPBACK
from review.cli.doctor_model import model
from review.cli.doctor_result import Result, bad, note, ok
from review.errors import MissingContentsError, XianshenError
from review.ledger import statement
from review.ledger.entry import Entry, read_statement
from review.ledger.witness import WitnessFile
from review.queue.connection import connect
from review.service.upkeep.background import SILENCE
from review.service.upkeep.condition import BACKUP_SOON, WAITED_LONG
from review.settings import Settings
from review.store import engine as databases
from review.store import migrate
from review.store.reading import SqlReading
from review.upkeep.events import BackedUp
from review.vault.interface import Blobs
from review.vault.vault import SENTINEL

_BACKUP_LATE: Final = timedelta(days=14)
_TOLERATED: Final = timedelta(minutes=5)
_ANSWER: Final = 3  # seconds that the site may take


def service(settings: Settings, *, now: datetime) -> Iterator[Result]:
    """Examine everything that needs the database or the queue, as far as it can be had."""
    yield from _guarded("数据库", lambda: _stores(settings, now))
    yield from queue(settings)
    yield website(settings)


def _stores(settings: Settings, now: datetime) -> Iterator[Result]:
    with open_places(settings) as (engine, blobs):
        current = version(engine)
        yield current
        if current.state == "bad":
            return
        yield integrity(engine)
        yield from _guarded("加密存储", lambda: iter((vault(settings, blobs),)))
        with databases.reading(engine) as connection:
            records = SqlReading(connection, _trusted)
            yield from _guarded("见证", lambda: iter((witness(settings, records),)))
            yield from _of_records(settings, connection, records, now)


def _of_records(
    settings: Settings, connection: Connection, records: SqlReading, now: datetime
) -> Iterator[Result]:
    yield clock(records.last_entry(), now)
    yield from _guarded("分类模型", lambda: iter((model(settings, records),)))
    yield from workers(records, now)
    yield backups(records, now)
    yield demo(settings, connection)


def version(engine: Engine) -> Result:
    """Examine whether the database is of this program's version."""
    found = migrate.current(engine)
    kind = "SQLite" if engine.dialect.name == databases.SQLITE else "PostgreSQL"
    if found is None:
        return bad("数据库", f"{kind}，还没有初始化", "请运行 xianshen db upgrade。")
    if not migrate.is_current(engine):
        advice = "请先备份，再运行 xianshen db upgrade；程序比数据库旧的，请升级程序。"
        return bad("数据库", f"{kind}，版本 {found} 与程序不符", advice)
    return ok("数据库", f"{kind}，版本 {found}")


def integrity(engine: Engine) -> Result:
    """Examine whether the database's own structure is whole, and what it runs on."""
    with databases.reading(engine) as connection:
        if engine.dialect.name == databases.SQLITE:
            found = connection.scalar(text("PRAGMA quick_check(1)"))
            if found != "ok":
                advice = "请立即停用，保留现场，用最近的备份恢复到新的目录。"
                return bad("数据库文件", "结构已损坏", advice)
            return ok("数据库文件", "结构完好")
        server = str(connection.scalar(text("SHOW server_version")))
        synced = str(connection.scalar(text("SHOW synchronous_commit")))
        if synced == "off":
            advice = (
                "请在 PostgreSQL 里设 synchronous_commit = on：断电会丢掉已确认的记录。"
            )
            return bad("数据库服务", f"PostgreSQL {server}，提交不落盘", advice)
        return ok("数据库服务", f"PostgreSQL {server}")


def vault(settings: Settings, blobs: Blobs) -> Result:
    """Examine whether the keys at hand open what the vault holds."""
    try:
        vault_of(settings, blobs).get(SENTINEL)
    except MissingContentsError:
        return note("加密存储", "还是空的", "第一次启动后自动建立，不用处理。")
    return ok("加密存储", "密钥能打开")


def witness(settings: Settings, records: SqlReading) -> Result:
    """Compare the ledger's end with the witness file."""
    last, witnessed = records.last_entry(), WitnessFile(settings.witness_file).last()
    if last is None:
        return note("见证", "还没有审查记录", "第一次启动后自动建立，不用处理。")
    if witnessed is None:
        advice = "从备份恢复见证文件（旧一些的也可以）；确实丢失的，核对后运行 xianshen db renew-witness。"
        return bad("见证", "见证文件不见了", advice)
    ahead = witnessed.index - last.index
    if ahead > 0:
        advice = (
            "末尾的记录被删去，或者数据库退回了旧版本：请停用，保留现场，核对备份。"
        )
        return bad("见证", f"比数据库多 {ahead} 条", advice)
    entry = next(records.entries(after=witnessed.index - 1))
    if witnessed.digest != entry.digest:
        advice = "数据库里的记录被改写：请停用，保留现场，核对备份和纸质审查表。"
        return bad("见证", "与数据库里的记录不符", advice)
    behind = f"，落后 {-ahead} 条，下次启动时核验后补上" if ahead else ""
    return ok("见证", f"与数据库一致，共 {last.index + 1} 条{behind}")


def clock(last: Entry | None, now: datetime) -> Result:
    """Compare this machine's clock with the last entry's time."""
    said = f"{now.astimezone():%Y-%m-%d %H:%M:%S %z}"
    at = _time_of(last)
    if at is not None and now < at - _TOLERATED:
        advice = "请校准时间（例如启用 systemd-timesyncd），期限和许可有效期都靠它。"
        return bad("系统时钟", f"{said}，比最后一条记录还早", advice)
    return ok("系统时钟", said)


def workers(records: SqlReading, now: datetime) -> Iterator[Result]:
    """Examine who works, and how long the first task that waits has waited."""
    alive = [one for one in records.tasks.places().values() if now - one < SILENCE]
    due = records.tasks.due(now, limit=1000)
    many = "1000 件以上" if len(due) == 1000 else f"{len(due)} 件"  # noqa: PLR2004 - the limit above
    if alive:
        yield ok("后台进程", f"{len(alive)} 台机器在工作")
    else:
        advice = "请用 xianshen serve 启动，或在另外的机器上运行 xianshen worker。"
        say = bad if due else note
        yield say("后台进程", f"没有在工作，等着办的有 {many}", advice)
    late = due and now - due[0].due_at > WAITED_LONG
    if late:
        waited = (now - due[0].due_at) // timedelta(minutes=1)
        advice = (
            "请增加后台进程（设置 workers，或多开几台），或看日志里有没有反复失败的。"
        )
        yield note("等着办的", f"{many}，最早的等了 {waited} 分钟", advice)
    else:
        yield ok("等着办的", many)


def backups(records: SqlReading, now: datetime) -> Result:
    """Examine when the last backup was made."""
    entry = records.last_of_kind("office.backed_up")
    event = statement.read(entry.statement).event if entry else None
    advice = "请运行 xianshen backup，并安排每天自动备份，存到另一台机器上。"
    if not isinstance(event, BackedUp):
        return note("备份", "还没有备份过", advice)
    age = now - event.at
    said = f"最近一次在 {age // timedelta(days=1)} 天前"
    if age > _BACKUP_LATE:
        return bad("备份", said, advice)
    return note("备份", said, advice) if age > BACKUP_SOON else ok("备份", said)


def demo(settings: Settings, connection: Connection) -> Result:
    """Examine whether accounts are there whose passwords were made for trying out."""
    asked = text("SELECT count(*) FROM accounts WHERE demo AND NOT disabled")
    count = int(connection.scalar(asked) or 0)
    if not count:
        return ok("演示账号", "没有")
    if settings.host not in LOOPBACK or settings.public_url is not None:
        advice = "请停用网站；正式使用请另建一个空的数据目录，不要用演示数据。"
        return bad("演示账号", f"{count} 个，而网站对外开放", advice)
    advice = "只供在本机试用；正式使用请另建一个空的数据目录。"
    return note("演示账号", f"{count} 个", advice)


def queue(settings: Settings) -> Iterator[Result]:
    """Examine the queue's server: there, what it is, whether it keeps what it was told."""
    connection = connect(queue_url(settings))
    try:
        server = connection.info("server")
        kept = connection.info("persistence")
        memory = connection.info("memory")
    except redis.RedisError as error:
        yield _no_queue(settings, type(error).__name__)
        return
    finally:
        connection.close()
    name = "Valkey" if "valkey_version" in server else "Redis"
    number = server.get("valkey_version") or server.get("redis_version")
    if kept.get("aof_enabled"):
        yield ok("任务队列", f"{name} {number}，写入磁盘（AOF）")
    else:
        advice = "可以设 appendonly yes；不设也不会丢任务，只是重启后要重新排队。"
        yield note("任务队列", f"{name} {number}，不写入磁盘", advice)
    if memory.get("maxmemory_policy", "noeviction") != "noeviction":
        advice = (
            "请设 maxmemory-policy noeviction，否则内存满时排队的任务会被丢弃再重排。"
        )
        yield note("任务队列的内存", "满时会丢弃数据", advice)


def _no_queue(settings: Settings, why: str) -> Result:
    if settings.redis_url is None:
        advice = "它随 xianshen serve 一起启动；没有在运行网站的，不用处理。"
        return note("任务队列", "内置的队列没有在运行", advice)
    advice = "请检查 Redis 是否在运行、redis_url 是否写对；已送审的稿件不会丢。"
    return bad("任务队列", f"连不上（{why}）", advice)


def website(settings: Settings) -> Result:
    """Ask the site on this machine whether it is alive."""
    host = settings.host if settings.host not in {"", "0.0.0.0", "::"} else "127.0.0.1"  # noqa: S104 - compared
    connection = http.client.HTTPConnection(host, settings.port, timeout=_ANSWER)
    try:
        connection.request("GET", "/healthz")
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException):
        advice = "请用 xianshen serve 启动；网站在别的机器上的，不用处理。"
        return note("网站", f"{host}:{settings.port} 没有应答", advice)
    finally:
        connection.close()
    if status != 200:  # noqa: PLR2004 - as HTTP names it
        advice = "这个端口上可能是别的程序，请核对设置 port。"
        return note("网站", f"应答的不是先审（{status}）", advice)
    return ok("网站", f"{host}:{settings.port} 在运行")


def _guarded(name: str, ask: Callable[[], Iterator[Result]]) -> Iterator[Result]:
    """Yield what is found; what can't be asked is a result too."""
    try:
        yield from ask()
    except XianshenError as error:
        yield bad(name, error.message, "按上面的提示处理后再检查一次。")


def _time_of(entry: Entry | None) -> datetime | None:
    if entry is None:
        return None
    return datetime.fromisoformat(str(read_statement(entry.statement)["at"]))


def _trusted(_entry: Entry) -> None:
    """Whether entries are genuine, `records verify` tells."""
