"""The beholder: what a reader would see of a draft is worked out in a sandbox."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from review.contents.interface import Contents, from_json
from review.errors import CorruptError, NotFoundError
from review.extract.limits import Limits
from review.sandbox.sandbox import Bounds, Sandbox


@dataclass(frozen=True, slots=True)
class SandboxBeholder:
    """Makes canonical contents in a process of its own each time."""

    limits: Limits
    bounds: Bounds

    def __call__(
        self, data: bytes, name: str, attached: Sequence[tuple[str, str]]
    ) -> Contents:
        """Return what publishing this body with these attachments would show.

        Raises:
            UnreadableError: It could not be read, or not within the bounds.
        """
        options = {
            "name": name,
            "attached": [list(one) for one in attached],
            "limits": asdict(self.limits),
        }
        sandbox = Sandbox(bounds=self.bounds, nursed=True)
        try:
            made = sandbox.run("contents", data, options)
            return from_json(made.data.decode("utf-8", "surrogatepass"))
        except (NotFoundError, UnicodeDecodeError):
            raise CorruptError(
                "读取这个文件时程序出错，没有读完；请用原来的软件另存一份后再试。"
            ) from None
