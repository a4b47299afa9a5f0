"""The surveyor: what a page of the site shows, and where it leads, found in a sandbox."""

from dataclasses import asdict, dataclass

from review.contents.survey import Survey, from_text
from review.errors import CorruptError, NotFoundError
from review.extract.limits import Limits
from review.sandbox.sandbox import Bounds, Sandbox


@dataclass(frozen=True, slots=True)
class SandboxSurveyor:
    """Surveys each page in a process of its own."""

    limits: Limits
    bounds: Bounds

    def __call__(self, data: bytes, name: str) -> Survey | None:
        """Return what the page shows; None for what is no page.

        Raises:
            UnreadableError: It could not be read, or not within the bounds.
        """
        options = {"name": name, "limits": asdict(self.limits)}
        sandbox = Sandbox(bounds=self.bounds, nursed=True)
        try:
            made = sandbox.run("survey", data, options)
            if not made.value["page"]:
                return None
            return from_text(made.data.decode("utf-8", "surrogatepass"))
        except (NotFoundError, UnicodeDecodeError):
            raise CorruptError("读取这个网页时程序出错，没有读完，请重试。") from None
