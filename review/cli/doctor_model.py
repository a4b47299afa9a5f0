"""The classifier in force: there, whole, of this program, and made for these lexicons."""

from typing import Final

from review import clock
from review.cli.doctor_machine import key_ring
from review.cli.doctor_result import Result, bad, note, ok
from review.detect import model_folder
from review.detect.lexicon_files import layered_digest
from review.errors import ModelError
from review.ports.records import Reading
from review.resources import lexicons_folder
from review.service.lexicons.layers import folder_in_force, laid_over
from review.service.models.versions import InForce, classifier_in_force, in_force
from review.settings import Settings
from review.vault.secrets import SealedSecrets

_NAME: Final = "分类模型"
_DIGITS: Final = 12


def model(settings: Settings, records: Reading) -> Result:
    """Examine the model that the ledger says is in force."""
    now = in_force(records)
    said = _said(now)
    try:
        classifier = classifier_in_force(records, settings.models_dir)
        noted = model_folder.noted(settings.models_dir)
    except ModelError as error:
        return bad(_NAME, said, error.message)
    if noted != now.own:
        advice = (
            "命令行的 xianshen scan 用的是另一个模型，请再运行一次 xianshen model use。"
        )
        return note(_NAME, f"{said}，与 {settings.models_dir} 里注明的不符", advice)
    made_for = str(classifier.manifest["lexicons"])
    lexicons = lexicons_in_force(settings, records)
    if now.own is not None and made_for != lexicons:
        advice = (
            "模型仍在使用，判断可能不如训练时准；请用现行词库重新训练、比较后启用。"
        )
        return note(
            _NAME, f"{said}，训练时的词库是另一版（{_short(made_for)}）", advice
        )
    return ok(_NAME, said)


def lexicons_in_force(settings: Settings, records: Reading) -> str:
    """Return the digest of all lexicons that the machine goes by, as reports cite it.

    Raises:
        XianshenError: The office's own cannot be opened.
    """
    secrets = SealedSecrets(key_ring(settings), settings.vault_algorithm)
    own = folder_in_force(records, secrets)
    return layered_digest(lexicons_folder(), *laid_over(settings.lexicons_dir, own))


def _said(now: InForce) -> str:
    if now.own is None:
        return "随附的"
    when = (
        f"，{clock.china_date(now.at)} 由{now.by.name}启用" if now.at and now.by else ""
    )
    return f"本单位的 {_short(now.own)}{when}"


def _short(digest: str) -> str:
    return digest[:_DIGITS]
