"""Which classifier a command goes by that opens no installation."""

from pathlib import Path

from review.detect.classifier import Classifier
from review.detect.model_folder import folder_in_force, load_in_force
from review.settings import Settings, load_settings


def classifier_here() -> Classifier:
    """Load the model that the installation of the settings uses; without one, the shipped.

    Raises:
        ModelError: One of the office's own is in force and cannot be used.
        SettingsError: A setting is wrong.
    """
    return classifier_of(load_settings())


def classifier_of(settings: Settings) -> Classifier:
    """Load the model that an installation's own note names; without one, the shipped.

    Raises:
        ModelError: It cannot be used.
    """
    return load_in_force(settings.models_dir)


def model_folder_here() -> Path:
    """Return the folder of that model.

    Raises:
        ModelError: Which one it is can't be read.
        SettingsError: A setting is wrong.
    """
    return folder_in_force(load_settings().models_dir)
