"""Files that a page shows from beside itself: a picture's bytes under its address."""

from collections import Counter
from dataclasses import dataclass, field

from review.contents import address


@dataclass(slots=True)
class Resources:
    """The attachments by name, and those of them that the body shows.

    A picture that comes with its page counts by its bytes, as a picture
    inside a Word document does; `base` is what addresses are relative to.
    """

    by_name: dict[str, str] = field(default_factory=dict)
    base: str = ""
    shown: dict[str, str] = field(default_factory=dict)

    def resolve(self, source: str) -> str:
        """Return "sha256:…" where the bytes are at hand, else the address."""
        if (own := address.data_digest(source.strip())) is not None:
            return own
        canonical = address.canonical(source, self.base)
        for name in (source.strip(), address.file_name(source)):
            # One file stands for one address; a second address by the same
            # name may show another picture.
            if name in self.by_name and (
                self.shown.setdefault(name, canonical) == canonical
            ):
                return f"sha256:{self.by_name[name]}"
        return canonical


def resources_of(attachments: tuple[tuple[str, str], ...]) -> Resources:
    """Return the attachments (name, digest) that a page may show.

    Of two files with the same name neither is taken: which one a reader
    would see cannot be told.
    """
    counts = Counter(name for name, _ in attachments)
    return Resources({name: digest for name, digest in attachments if counts[name] < 2})  # noqa: PLR2004 - unique
