"""Bytes in, an explained report out: extract, normalize, detect.

What can't be read can't be cleared: an unreadable file gives a report whose
verdict is `blocked`, and a part that was not examined keeps a draft from
being `clear`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from review import __version__, digests
from review.detect.classifier import Classifier, load_classifier
from review.detect.compile_lexicon import load_compiled
from review.detect.compiled_rules import compile_all
from review.detect.examine import Examination, Examiner
from review.detect.lexicon_files import Layer
from review.errors import UnreadableError
from review.extract.interface import Document, Gap
from review.extract.limits import Limits
from review.extract.plain.text import Text
from review.extract.read import read
from review.extract.watching import watching
from review.normalize.interface import NormalizedText
from review.normalize.passages import normalize, single_passage
from review.resources import lexicons_folder, passage_model_folder

Verdict: TypeAlias = Literal["blocked", "needs_review", "clear"]
ScanStage: TypeAlias = Literal["reading", "examining"]
# Told what the machine is at, and the page out of how many; 0 where there are none.
Watch: TypeAlias = Callable[[ScanStage, int, int], None]


# Reads a draft's bytes, given its name, into a document.
Reader: TypeAlias = Callable[[bytes, str], Document]


def read_here(data: bytes, name: str) -> Document:
    """Read in this process: for our own samples, never for strange files.

    Raises:
        UnreadableError: It can't be read, or not without programs outside.
    """
    return read(data, name)


def unwatched(stage: ScanStage, page: int, pages: int) -> None:
    """Let the machine work on unwatched."""


@dataclass(frozen=True, slots=True)
class Versions:
    """What a report was made with: code, lexicons and model."""

    xianshen: str
    lexicons: str
    model: str


@dataclass(frozen=True, slots=True)
class ScanReport:
    """What the machine found in one file; never a decision.

    Exactly one of `examination` and `error` is set.
    """

    file: str
    sha256: str
    format: str | None
    size: int
    versions: Versions
    text: NormalizedText | None = None
    examination: Examination | None = None
    error: UnreadableError | None = None

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Return what was not examined."""
        return self.examination.gaps if self.examination else ()

    @property
    def verdict(self) -> Verdict:
        """Return the gravest consequence of what was found or not examined."""
        if self.examination is None:
            return "blocked"
        severities = {one.severity for one in self.examination.findings}
        if "block" in severities:
            return "blocked"
        return "needs_review" if "review" in severities or self.gaps else "clear"


class Scanner:
    """Everything a scan needs, loaded once."""

    def __init__(
        self,
        *own_lexicons: Layer,
        classifier: Classifier | None = None,
        reader: Reader = read_here,
    ) -> None:
        """Load the shipped lexicons, an office's own over them, and the shipped model.

        An office that has a classifier of its own gives it. `reader` opens the drafts.

        Raises:
            LexiconError: A rule file breaks the schema.
            ModelError: The classifier is missing or damaged.
        """
        lexicon = load_compiled(lexicons_folder(), *own_lexicons)
        if classifier is None:
            classifier = load_classifier(passage_model_folder())
        self.lexicon = lexicon
        self._reader = reader
        self.examiner = Examiner(lexicon, classifier)
        self.versions = Versions(__version__, lexicon.digest, classifier.digest)

    def scan(
        self,
        data: bytes,
        name: str,
        *,
        watch: Watch = unwatched,
    ) -> ScanReport:
        """Scan one file's bytes; a file that can't be read gives its error."""
        sha256 = digests.of_bytes(data)
        watch("reading", 0, 0)
        try:
            with watching(lambda page, pages: watch("reading", page, pages)):
                document = self._reader(data, name)
        except UnreadableError as error:
            return ScanReport(name, sha256, None, len(data), self.versions, error=error)
        watch("examining", 0, 0)
        return self._examined(document)

    def scan_words(self, words: str, name: str) -> ScanReport:
        """Scan words that somebody typed beside a draft, as its title.

        They are text, whatever they look like, and part of a whole.
        """
        data = words.encode("utf-8", "replace")
        own = Text()
        read = own.extract(data, Limits())
        sha256 = digests.of_bytes(data)
        return self._examined(
            Document(name, own.format, sha256, len(data), read.blocks, read.gaps),
            piece=True,
        )

    def _examined(self, document: Document, *, piece: bool = False) -> ScanReport:
        text = replace(normalize(document), piece=piece)
        return ScanReport(
            file=document.name,
            sha256=document.sha256,
            format=document.format,
            size=document.size,
            versions=self.versions,
            text=text,
            examination=self.examiner.examine(text),
        )

    def warm(self) -> None:
        """Make every rule ready now, for a process whose children share them."""
        compile_all(self.lexicon)
        self.examiner.warm()

    def scan_passage(
        self, text: str, *, title: str = "", channel: str = ""
    ) -> Examination:
        """Scan one passage that comes by itself."""
        return self.examiner.examine(single_passage(text, title=title, channel=channel))
