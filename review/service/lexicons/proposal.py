"""What somebody wants of the office's own lexicon, made into a whole set of rule files.

Files, a filled-in spreadsheet and small edits all come to the same: files laid
over the version that they start from. Nothing is taken that does not load.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import regex
import yaml

from review.detect.compile_lexicon import load_compiled
from review.detect.lexicon import REGULATIONS_FILE, load_lexicon
from review.detect.lexicon_edit import Edit, edited
from review.detect.lexicon_files import HeldFolder, layered
from review.detect.lexicon_form import Typed, read_form
from review.detect.lexicon_import import read_rules, rule_as_yaml
from review.detect.lexicon_sheet import Spreadsheet
from review.errors import LexiconError, NotFoundError
from review.service.desk import Desk
from review.service.lexicons.layers import layers

_MOST_FILES: Final = 2_000
_MOST_A_FILE: Final = 256 * 1024
_MOST_BYTES: Final = 8 * 1024 * 1024
_FOLDER: Final = r"[a-z0-9][a-z0-9-]{0,63}"
_LONGEST_NAME: Final = 120
_PROBLEMS_SHOWN: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A change, in the order in which it is carried out.

    It starts from the version in force, or from an earlier one that `from_version`
    names. `drop` takes own files away, so that what lay under them counts again;
    `files`, the rules of `sheet` and the one of `form` are laid over; then come the
    `edits`.
    """

    from_version: str | None = None
    drop: tuple[str, ...] = ()
    files: tuple[tuple[str, bytes], ...] = ()
    sheet: Spreadsheet | None = None
    form: Typed | None = None
    edits: tuple[Edit, ...] = ()


def made(desk: Desk, start: HeldFolder, wanted: Wanted) -> HeldFolder:
    """Return the office's own files after the change, known to load and to compile.

    Raises:
        NotFoundError: A file to drop, a rule or a word to change is not there.
        LexiconError: A file breaks the schema, or has a name that none may have.
        RuleFormError: A field of the form is wrong.
        UsageError: The spreadsheet cannot be read.
    """
    own = dict(start.files)
    for name in wanted.drop:
        if own.pop(name, None) is None:
            raise NotFoundError(f"本单位词库里没有文件 {name}，请核对文件名。")
    own |= dict(wanted.files)
    _check_files(own)
    if wanted.sheet is not None:
        own |= _imported(desk, _held(own), wanted.sheet)
    if wanted.form is not None:
        found = read_form(wanted.form, load_lexicon(*layers(desk, _held(own))))
        own |= {found.name: rule_as_yaml(found.file).encode()}
    if wanted.edits:
        own |= edited(layered(layers(desk, _held(own))), wanted.edits)
    _check_files(own)
    load_compiled(*layers(desk, _held(own)))
    return _held(own)


def _held(own: Mapping[str, bytes]) -> HeldFolder:
    return HeldFolder(tuple(sorted(own.items())))


def _imported(desk: Desk, own: HeldFolder, sheet: Spreadsheet) -> dict[str, bytes]:
    # A row of the same name replaces: what it replaces is seen in the preview.
    found = read_rules(sheet, load_lexicon(*layers(desk, own)), frozenset())
    if found.problems:
        lines = [one.text for one in found.problems[:_PROBLEMS_SHOWN]]
        raise LexiconError(
            f"表格有 {len(found.problems)} 处问题，没有提出任何改动：{'；'.join(lines)}"
        )
    return {one.name: rule_as_yaml(one.file).encode() for one in found.rules}


def _check_files(own: Mapping[str, bytes]) -> None:
    """Refuse what no rule file can be, before any of it is read as YAML."""
    if len(own) > _MOST_FILES or sum(map(len, own.values())) > _MOST_BYTES:
        raise LexiconError(
            f"本单位词库太大：至多 {_MOST_FILES} 个文件、共 {_MOST_BYTES >> 20} MB。"
        )
    for name, data in own.items():
        if not _is_name(name):
            raise LexiconError(
                "规则文件的名字应写成 制度目录/文件名.yaml，"
                "目录名用小写字母、数字和横线，例如 xishuangbanna-college/12-15-试题.yaml。"
            )
        if len(data) > _MOST_A_FILE:
            raise LexiconError(f"规则文件 {name} 太大，至多 {_MOST_A_FILE >> 10} KB。")
        _forbid_aliases(name, data)


def _is_name(name: str) -> bool:
    if name == REGULATIONS_FILE:
        return True
    folder, _, file = name.partition("/")
    sound = file.isprintable() and not regex.search(r'[/\\:*?"<>|]|^\.', file)
    return (
        regex.fullmatch(_FOLDER, folder) is not None
        and len(file) <= _LONGEST_NAME
        and sound
        and file.endswith(".yaml")
    )


def _forbid_aliases(name: str, data: bytes) -> None:
    """Refuse references within a file: a few lines of them unfold without end."""
    try:
        text = data.decode()
        events = yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        aliased = any(isinstance(one, yaml.AliasEvent) for one in events)
    except UnicodeDecodeError:
        raise LexiconError(
            f"规则文件 {name} 不是 UTF-8 编码，请另存为 UTF-8 后重试。"
        ) from None
    except yaml.YAMLError:
        return  # the loader names the line
    if aliased:
        raise LexiconError(f"规则文件 {name} 里不能用 YAML 引用（& 和 *），请写全。")
