"""Reading what settings are written in: files, addresses, names nearly right."""

import difflib
import ipaddress
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from review.errors import SettingsError

# By the first word of what pydantic calls the mistake.
_WRONG: Final[Mapping[str, str]] = {
    "int": "应是整数",
    "greater": "太小，允许的范围见手册",
    "less": "太大，允许的范围见手册",
    "bool": "只能写 true、false",
}
_MOST_BYTES: Final = 64 * 1024


def nearest(name: str, known: Iterable[str], prefix: str = "") -> str:
    """Return a Chinese half sentence that names the known name nearest to it, or nothing."""
    # Without the prefix, which would make all names look alike.
    close = difflib.get_close_matches(name, known, n=1)
    return f"，是不是想写 {prefix}{close[0]}" if close else ""


def path_of(text: str, base: Path, home: Path) -> Path:
    """Return the path that a setting names, `~` being the home and the rest from `base`."""
    first, *others = Path(text).parts or (".",)
    return home.joinpath(*others) if first == "~" else base / text


def is_there(path: Path) -> bool:
    """Tell whether something lies there, even what can not be looked at."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        # It may well be there: reading it will say what is wrong.
        return True
    return True


def text_of(path: Path, what: str) -> str:
    """Return the text of a small file.

    Raises:
        SettingsError: It can not be read, is too large, or is not UTF-8; nothing is quoted.
    """
    problem = "超过 64 KB，请检查是否指错了文件"
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
        if len(data) <= _MOST_BYTES:
            return data.decode()
    except OSError:
        problem = "读不了，请检查路径和权限"
    except UnicodeDecodeError:
        problem = "不是 UTF-8 编码，请另存为 UTF-8"
    # Raised out here, so that the error carries no piece of what may be a secret.
    raise SettingsError(f"{what} {path} {problem}")


def table_of(path: Path, text: str) -> dict[str, Any]:
    """Return what a TOML file says.

    Raises:
        SettingsError: It is not TOML; the line is named, never quoted.
    """
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = re.search(r"line (\d+)", str(error))
    raise SettingsError(
        f"配置文件 {path}{f'第 {line[1]} 行' if line else ''}不是合格的 TOML，"
        '一行一项，文字加引号，例如 office_name = "云山职业学院"'
    )


def has_password(url: str) -> bool:
    """Tell whether an address carries a password."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return True
    return parts.password is not None or "password" in parse_qs(parts.query)


def sqlite_path(rest: str, data_dir: Path) -> str:
    """Return what follows `sqlite://`, a relative path being one in the data folder."""
    name = rest.removeprefix("/")
    if name in {rest, ":memory:"} or name.startswith("file:") or "?" in name:
        raise ValueError(
            "要指向磁盘上的一个文件，例如 sqlite:////完整路径/xianshen.db：审查记录必须留得住"
        )
    if name.startswith("/"):
        return rest
    # SQLAlchemy decodes percent signs, and takes a question mark for the end.
    folder = str(data_dir).replace("%", "%25").replace("?", "%3F")
    return f"/{folder}/{name}"


def is_safe_address(url: str) -> bool:
    """Tell whether a web address is one over TLS, or on this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    local = parts.scheme == "http" and host in {"127.0.0.1", "localhost", "::1"}
    plain = not (parts.query or parts.fragment or parts.username)
    return bool(host) and plain and (parts.scheme == "https" or local)


def words_of(value: Any) -> Any:
    """Return the words of a text that parts them by commas or spaces; a list stays one."""
    return re.split(r"[,\s]+", value.strip(" ,")) if isinstance(value, str) else value


def networks_in(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the networks that the words name, written alike.

    Raises:
        ValueError: One is neither an address nor a network.
    """
    try:
        return tuple(str(ipaddress.ip_network(one, strict=False)) for one in words)
    except ValueError:
        raise ValueError(
            "要写成地址或网段，多个用逗号隔开，例如 127.0.0.1, 10.1.0.0/16"
        ) from None


def host_names_in(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the host names, in lower case.

    Raises:
        ValueError: One holds more than a name, such as a scheme, a port or an asterisk.
    """
    names = tuple(one.lower() for one in words)
    if not all(re.fullmatch(r"[a-z0-9.-]{1,253}|\[[0-9a-f:]+\]", one) for one in names):
        raise ValueError(
            "只写主机名，不带 http://、端口和星号，多个用逗号隔开，例如 review.yunshan.example"
        )
    return names


def in_chinese(error: Any) -> str:
    """Return what is wrong with a value, given pydantic's word for it; never the value."""
    context = error.get("ctx", {})
    if error["type"] == "value_error":
        return str(context["error"])
    if error["type"] == "literal_error":
        words = str(context["expected"]).replace("'", "")
        return f"只能写 {words.replace(', ', '、').replace(' or ', '、')}"
    kind = error["type"].partition("_")[0]
    if kind in _WRONG:
        return _WRONG[kind]
    if error["loc"][0] == "office_id":
        return "只能用小写字母、数字、点和横线，以字母或数字开头"
    return "写法不对，应是一段不空的文字，不要太长"
