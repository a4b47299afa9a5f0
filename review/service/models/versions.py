"""Which classifier the machine goes by: the shipped one, or one of the office's own.

The ledger says which, who decided it, and which was in force before. The files lie
in the installation's models folder, under their digest, and are held against it
each time they are loaded. What does not fit is an error; nothing takes its place.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from review.access.permissions import OfficeVerb
from review.case.people import By
from review.detect import model_folder
from review.detect.classifier import Classifier, load_classifier
from review.errors import StaleError, UsageError
from review.ledger import statement
from review.ledger.statement import Context
from review.ports.records import Reading
from review.resources import passage_model_folder
from review.service.acting import looking, noting_refusals, permit
from review.service.desk import Desk
from review.service.siteaudit import published
from review.upkeep.events import ModelActivated

_VERB: Final[OfficeVerb] = "activate_model"


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """The model that the ledger says is in force; `own` None: the shipped one.

    `by` and `at` tell of the last decision, None while nobody has made one.
    """

    own: str | None = None
    by: By | None = None
    at: datetime | None = None


def in_force(records: Reading) -> InForce:
    """Return which model was put into force last; cheap."""
    entry = records.last_of_kind("model.activated")
    event = None if entry is None else statement.read(entry.statement).event
    if not isinstance(event, ModelActivated):
        return InForce()
    own = None if event.shipped else event.model
    return InForce(own=own, by=event.by, at=event.at)


def classifier_in_force(records: Reading, models: Path | None) -> Classifier:
    """Load the model in force.

    Raises:
        ModelError: It is gone, damaged, another one, or of another format.
        UsageError: It is one of the office's own, and nothing says where these lie.
    """
    own = in_force(records).own
    if own is None:
        return load_classifier(passage_model_folder())
    return model_folder.load_own(_place(models), own)


def shown(desk: Desk, *, person: str) -> InForce:
    """Return which model is in force, for who may put another in its place.

    Raises:
        NotPermittedError: He does not belong to the secrecy office.
    """
    with looking(desk, _VERB, person) as records:
        return in_force(records)


def activate(desk: Desk, folder: Path, *, seen: InForce, person: str) -> str:
    """Put the model in `folder` into force, by a copy of it; return its digest.

    `seen` is what was in force when he compared them.

    Raises:
        NotPermittedError: He does not belong to the secrecy office.
        ModelError: The model does not load.
        UsageError: It is in force already, is the shipped one, or can't be copied.
        StaleError: Another came into force meanwhile.
    """
    models = _place(desk.models_dir)
    with noting_refusals(desk, person, _VERB):
        with desk.store.reading() as records:
            permit(desk, records, _VERB, person)
        if load_classifier(folder).digest == _shipped():
            raise UsageError(
                "这就是随附模型；要改回它，请用 xianshen model use --shipped。"
            )
        try:
            digest = model_folder.keep(folder, models).digest
        except OSError as error:
            raise _unwritable(models, error) from error
        if seen.own == digest:
            _note(models, digest)  # in case a crash kept it from being noted
        _seal(desk, digest, seen=seen, person=person)
    _note(models, digest)
    return digest


def back_to_shipped(desk: Desk, *, seen: InForce, person: str) -> str:
    """Put the shipped model into force again; return its digest.

    Raises:
        NotPermittedError: He does not belong to the secrecy office.
        UsageError: It is in force already.
        StaleError: Another came into force meanwhile.
    """
    with noting_refusals(desk, person, _VERB):
        _seal(desk, None, seen=seen, person=person)
    if desk.models_dir is not None:
        _note(desk.models_dir, None)
    return _shipped()


def _seal(desk: Desk, own: str | None, *, seen: InForce, person: str) -> None:
    shipped = _shipped()
    with desk.store.writing() as work:
        by = permit(desk, work, _VERB, person)
        now = in_force(work)
        if now != seen:
            raise StaleError(
                "您比较的时候，另一个模型刚刚启用；请与现用的重新比较后再启用。"
            )
        if now.own == own:
            raise UsageError("这个模型正在使用，不用再启用。")
        event = ModelActivated(
            at=desk.now(),
            by=by,
            model=own or shipped,
            before=now.own or shipped,
            shipped=own is None,
        )
        work.seal(event, Context(via=desk.via, policy=desk.policy.digest))
        published.order(desk, work, f"model:{event.model[:32]}")
        work.sign_head(event.at)


def _shipped() -> str:
    return load_classifier(passage_model_folder()).digest


def _place(models: Path | None) -> Path:
    if models is None:
        raise UsageError("没有设置 models_dir，不知道本单位的模型放在哪里。")
    return models


def _note(models: Path, digest: str | None) -> None:
    try:
        model_folder.note(models, digest)
    except OSError as error:
        raise _unwritable(models, error) from error


def _unwritable(models: Path, error: OSError) -> UsageError:
    return UsageError(
        f"写不进 {models}（{error.strerror}），请用运行先审的用户操作，检查权限和磁盘空间后重试。"
    )
