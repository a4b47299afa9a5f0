"""Where an installation keeps a classifier of its own: a folder a model, named by its digest.

Which one is in force, the ledger says; a small file says so once more, for the
commands that open no ledger. What is in force and cannot be read is an error: the
shipped model never takes its place unasked.
"""

import shutil
from pathlib import Path
from typing import Final

from review.detect.classifier import Classifier, load_classifier
from review.errors import ModelError
from review.resources import passage_model_folder

IN_FORCE: Final = "in-force"
FILES: Final = ("model.json", "model.npz", "metrics.json", "card.md")
_NEEDED: Final = FILES[:2]
_DIGITS: Final = 12


def model_folder(models: Path, digest: str) -> Path:
    """Return where the model of that digest lies, or would."""
    return models / digest


def load_own(models: Path, digest: str) -> Classifier:
    """Load the model of that digest.

    Raises:
        ModelError: It is gone, damaged, another one, or of another format.
    """
    try:
        loaded = load_classifier(model_folder(models, digest))
    except ModelError as error:
        raise _unusable(digest) from error
    if loaded.digest != digest:
        raise _unusable(digest)
    return loaded


def folder_in_force(models: Path) -> Path:
    """Return the folder of the model in force, as the small file says; else the shipped one.

    Raises:
        ModelError: The small file can't be read.
    """
    digest = noted(models)
    return passage_model_folder() if digest is None else model_folder(models, digest)


def load_in_force(models: Path) -> Classifier:
    """Load the model in force, as the small file says; else the shipped one.

    Raises:
        ModelError: It cannot be used.
    """
    digest = noted(models)
    if digest is None:
        return load_classifier(passage_model_folder())
    return load_own(models, digest)


def noted(models: Path) -> str | None:
    """Return the digest that the small file names; None where the shipped one is in force.

    Raises:
        ModelError: The file can't be read.
    """
    try:
        return (models / IN_FORCE).read_text("ascii").strip()
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise ModelError(
            f"读不到 {models / IN_FORCE}，不知道启用的是哪个分类模型；"
            "请用运行先审的用户操作，或请系统管理员检查权限。"
        ) from error


def keep(folder: Path, models: Path) -> Classifier:
    """Copy a model that loads to where the installation keeps its own; return it.

    Raises:
        ModelError: It does not load.
        OSError: It can't be copied.
    """
    loaded = load_classifier(folder)
    target = model_folder(models, loaded.digest)
    if target.is_dir():
        try:
            return load_own(models, loaded.digest)
        except ModelError:
            shutil.rmtree(target)  # somebody changed it
    part = models / f"{loaded.digest}.part"
    models.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700)
    for name in FILES:
        if name in _NEEDED or (folder / name).is_file():
            (part / name).write_bytes((folder / name).read_bytes())
            (part / name).chmod(0o600)
    part.rename(target)
    # As it lies there now, and not as it was read a moment ago.
    return load_own(models, loaded.digest)


def note(models: Path, digest: str | None) -> None:
    """Say in the small file which model is in force; None: the shipped one.

    Raises:
        OSError: It can't be written.
    """
    if digest is None:
        (models / IN_FORCE).unlink(missing_ok=True)
        return
    part = models / f"{IN_FORCE}.part"
    part.write_text(f"{digest}\n", "ascii")
    part.chmod(0o600)
    part.replace(models / IN_FORCE)


def _unusable(digest: str) -> ModelError:
    return ModelError(
        f"启用的本单位分类模型 {digest[:_DIGITS]} 不见了、已损坏，或者不是这一版程序的格式；"
        "程序不会自己改用别的模型。请用 xianshen model use 启用一个重新训练的模型，"
        "或用 xianshen model use --shipped 改回随附模型。"
    )
