"""Candidates for a model of an office's own: the shipped one, and told to be otherwise."""

import json
import shutil
from pathlib import Path
from typing import Any

from review.detect.model_folder import FILES
from review.resources import passage_model_folder


def candidate(folder: Path, **changes: Any) -> Path:
    """Write a model that differs from the shipped one in what its manifest says.

    A review point of 0.99 flags hardly anything, one of 0.01 nearly everything.
    """
    folder.mkdir()
    for name in FILES:
        shutil.copy(passage_model_folder() / name, folder / name)
    path = folder / "model.json"
    manifest = {**json.loads(path.read_text("utf-8")), **changes}
    path.write_text(json.dumps(manifest), "utf-8")
    return folder
