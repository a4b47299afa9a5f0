"""The whole error tree, each class with a stable code and a Chinese message.

    XianshenError
    ├── UnreadableError            a file whose contents could not be had: it cannot be cleared
    │   ├── EncryptedError         encrypted
    │   ├── CorruptError           corrupt (also: empty, truncated)
    │   ├── TooLargeError          too_large
    │   ├── UnsupportedError       unsupported
    │   ├── OutOfTimeError         timeout
    │   └── BombError              bomb
    ├── LexiconError               lexicon: a rule file breaks the schema (file and line named)
    ├── ModelError                 model: the classifier's files are missing or do not fit
    └── UsageError                 usage: the caller asked for something impossible

A message says what is wrong and what to do next, in Chinese, and never
quotes the draft.
"""

from typing import ClassVar


class XianshenError(Exception):
    """Carry a stable `code` and a Chinese message for people."""

    code: ClassVar[str] = "error"

    def __init__(self, message: str) -> None:
        """Keep the message that people see."""
        super().__init__(message)
        self.message = message


class UnreadableError(XianshenError):
    """Say that a file's contents could not be read, so nothing was examined."""

    code = "corrupt"


class EncryptedError(UnreadableError):
    """Say that a file opens only with a password."""

    code = "encrypted"


class CorruptError(UnreadableError):
    """Say that a file is empty, truncated or damaged."""

    code = "corrupt"


class TooLargeError(UnreadableError):
    """Say that a file is beyond the limits that were set."""

    code = "too_large"


class UnsupportedError(UnreadableError):
    """Say that no extractor knows this kind of file."""

    code = "unsupported"


class OutOfTimeError(UnreadableError):
    """Say that reading took longer than allowed."""

    code = "timeout"


class BombError(UnreadableError):
    """Say that a small file unpacks to an absurd size."""

    code = "bomb"


class LexiconError(XianshenError):
    """Say which rule file breaks the schema, where and how."""

    code = "lexicon"


class ModelError(XianshenError):
    """Say that the classifier is missing or does not fit the lexicons."""

    code = "model"


class UsageError(XianshenError):
    """Say that a request makes no sense, and what would."""

    code = "usage"
