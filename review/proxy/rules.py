"""What the operator of a proxy has chosen: one file, read once at the start."""

import tomllib
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self, TypeAlias
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from review.case.values import Channel
from review.case.words import CHANNELS
from review.errors import SettingsError

ANY: Final = "any"
_LOCAL: Final = ("127.0.0.1", "::1", "localhost")
_BY_WORD: Final[Mapping[str, Channel]] = {word: one for one, word in CHANNELS.items()}
_MB: Final = 1_048_576

Short: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=500)]


def _server(text: str) -> str:
    """Return where another program listens: https, this machine, or a socket."""
    if text.startswith("unix:/"):
        return text
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("应写成 https://主机、http://127.0.0.1:端口 或 unix:/套接字")
    if parts.path not in {"", "/"} or parts.query or parts.username:
        raise ValueError("只写到主机和端口，不带路径")
    return text.rstrip("/")


def _gate(text: str) -> str:
    address = _server(text)
    parts = urlsplit(address)
    if parts.scheme == "http" and parts.hostname not in _LOCAL:
        raise ValueError("先审不在本机时要用 https，否则站点密钥会明文传送")
    return address


def _site(text: str) -> str:
    address = _server(text)
    if address.startswith("unix:"):
        raise ValueError("应写成读者看到的网址，例如 https://news.example.edu.cn")
    return address


def _listed(text: str) -> str:
    if text != ANY and not text.startswith("sha256:"):
        raise ValueError("应写 any，或 sha256: 后接文件的摘要")
    return text


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Template(_In):
    """Where in a page the reviewed body and its title stand, and what may be around.

    `frames` are pages of the template that were looked at: what stands around the
    body has to be the same as around the body of one of them. In `dates` only digits
    and the words of a date or a counter may stand.
    """

    body: Short
    title: Short
    dates: tuple[Short, ...] = ()
    frames: Annotated[tuple[Path, ...], Field(min_length=1)]


class Limits(_In):
    """How much is read and how long is waited for."""

    file_mb: Annotated[int, Field(ge=1, le=1024)] = 100
    page_mb: Annotated[int, Field(ge=1, le=5)] = 4
    upstream_seconds: Annotated[float, Field(gt=0, le=300)] = 15
    gate_seconds: Annotated[float, Field(gt=0, le=60)] = 5
    at_once: Annotated[int, Field(ge=1, le=256)] = 16

    @property
    def file_bytes(self) -> int:
        """Return how large a file may be."""
        return self.file_mb * _MB

    @property
    def page_bytes(self) -> int:
        """Return how large a page may be."""
        return self.page_mb * _MB


class Rules(_In):
    """All of it; `open` maps path patterns to "any" or to a file's digest."""

    gate: Annotated[str, AfterValidator(_gate)]
    upstream: Annotated[str, AfterValidator(_server)]
    site: Annotated[str, AfterValidator(_site)]
    channel: Channel
    index: Annotated[str, StringConstraints(pattern=r"^[\w.-]*$")] = "index.html"
    query: Literal["drop", "keep"] = "drop"
    page: Template | None = None
    open: dict[Short, Annotated[str, AfterValidator(_listed)]] = {}
    limits: Limits = Limits()

    @model_validator(mode="before")
    @classmethod
    def _by_word(cls, value: Any) -> Any:
        """Take the channel by its Chinese word as well."""
        if isinstance(value, dict) and value.get("channel") in _BY_WORD:
            return {**value, "channel": _BY_WORD[value["channel"]]}
        return value

    @model_validator(mode="after")
    def _opens_no_everything(self) -> Self:
        for pattern, listed in self.open.items():
            everything = listed == ANY and not pattern.strip("/*?")
            if not pattern.startswith("/") or everything:
                raise ValueError("open 里的路径要以 / 开头，也不能是整个网站")
        return self

    def listed(self, path: str) -> str | None:
        """Return what the list says of a path that needs no review; None for others."""
        if path in self.open:
            return self.open[path]
        found = (say for one, say in self.open.items() if fnmatchcase(path, one))
        return next(found, None)


def load_rules(path: Path) -> Rules:
    """Read a proxy's file.

    Raises:
        SettingsError: It is missing, or something in it is wrong.
    """
    try:
        value = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"读不到发布代理的配置文件：{error.strerror}。") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(
            "发布代理的配置文件不是合格的 TOML，请核对写法。"
        ) from error
    try:
        return Rules(**value)
    except ValidationError as error:
        raise SettingsError(_said(error)) from error


def _said(error: ValidationError) -> str:
    """Say which of the choices are wrong, without their values."""
    wrong = []
    for one in error.errors():
        name = ".".join(str(part) for part in one["loc"]) or "整个文件"
        if one["type"] == "missing":
            wrong.append(f"{name} 没有写")
        elif one["type"] == "extra_forbidden":
            wrong.append(f"{name} 没有这一项")
        elif one["type"] == "value_error":
            wrong.append(f"{name} {one['ctx']['error']}")
        else:
            wrong.append(f"{name} 写法不对")
    return f"发布代理的配置文件写错了：{'；'.join(wrong)}。见 docs/手册/发布代理.md。"
