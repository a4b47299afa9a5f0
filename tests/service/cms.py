"""A content management system at the invented college's gate."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from review import digests
from review.access.events import GateRefused
from review.access.site_keys import PresentedKey, presented
from review.access.sites import Site as Registered
from review.case.case import Case
from review.case.values import Channel
from review.ledger import statement
from review.service.cases import scan
from review.service.cases.submit import Draft, Upload
from review.service.gate import calls as gate
from review.service.gate import sites
from review.service.gate.gatekeeper import Gatekeeper
from review.service.gate.question import Answer, Offered, Question
from review.service.people import appointments as people
from tests.service.site import PRESS, TITLE, Site, appointment, page

HOME: Final = "10.1.2.3"
ID: Final = "site-news"
CALLBACK: Final = "https://cms.example.edu.cn/hooks/review"
NAME: Final = "正文.html"
TEXT: Final = (
    "学院秋季运动会昨日在田径场举行，各班同学踊跃参加，现场气氛热烈。\n"
    "本次运动会共设十二个项目，同学们赛出了风格，赛出了水平。\n"
)
PAGE: Final = page(TEXT)


def wanted(**changes: object) -> Registered:
    """Return what the system administrator fills in for a site."""
    form = Registered(
        id=ID,
        name="云山新闻网",
        channels=("website", "wechat"),
        departments=(PRESS,),
        networks=("10.1.2.0/24",),
        callback_hosts=("cms.example.edu.cn",),
    )
    return replace(form, **changes)  # type: ignore[arg-type]  # - a test names fields


@dataclass
class Cms:
    """A registered and appointed site, and short words for what it does."""

    college: Site
    key: PresentedKey
    secret: str
    keeper: Gatekeeper = field(default_factory=Gatekeeper)

    @property
    def me(self) -> Registered:
        return gate.let_in(self.college.desk, self.keeper, self.key, address=HOME)

    def submit(  # noqa: PLR0913 - each is a field of the form
        self,
        body: bytes = PAGE,
        *,
        external_id: str = "news-1",
        title: str = TITLE,
        channels: tuple[Channel, ...] = ("website",),
        attachments: Iterable[tuple[str, bytes]] = (),
        callback_url: str | None = CALLBACK,
        department: str = PRESS,
    ) -> Case:
        """Hand an item in, and let the machine see it."""
        draft = Draft(
            title=title,
            department=department,
            channels=channels,
            drafted_by="王虚构",
            uploads=(
                Upload(name=NAME, data=body),
                *(
                    Upload(name=one, data=own, role="attachment")
                    for one, own in attachments
                ),
            ),
        )
        said = gate.Submission(
            draft=draft, external_id=external_id, callback_url=callback_url
        )
        case = gate.submit(self.college.desk, said, site=self.me)
        return scan.scan(self.college.desk, case.number)

    def cleared(self, body: bytes = PAGE, **options: object) -> Case:
        """Hand in, and lead to the clearance."""
        number = self.submit(body, **options).number  # type: ignore[arg-type]  # - as `submit`
        self.college.conclude(number)
        return self.college.sign(number)

    def check(  # noqa: PLR0913 - each is a field of the question
        self,
        body: bytes = PAGE,
        *,
        external_id: str | None = "news-1",
        case: str | None = None,
        channel: Channel = "website",
        title: str = TITLE,
        attachments: Iterable[tuple[str, bytes]] = (),
        address: str = HOME,
    ) -> Answer:
        attached = tuple((one, digests.of_bytes(own)) for one, own in attachments)
        question = Question(
            external_id=external_id,
            case=case,
            channel=channel,
            offered=Offered(title, NAME, body, attached),
        )
        return gate.check(
            self.college.desk, self.keeper, self.key, question, address=address
        )

    def refusals(self) -> tuple[GateRefused, ...]:
        """Return what is on record of questions that were answered with no."""
        with self.college.desk.store.reading() as records:
            found = records.entries_of_kind("gate.refused")
        events = [statement.read(one.statement).event for one in found]
        return tuple(one for one in events if isinstance(one, GateRefused))


def join(college: Site, **changes: object) -> Cms:
    """Register a site, give it a key, appoint it for its departments."""
    form = wanted(**changes)
    registered = sites.register(college.desk, form, person="system")
    key = sites.issue_key(college.desk, form.id, person="system")
    for department in form.departments:
        people.appoint(
            college.desk,
            appointment(form.id, form.name, "site", department),
            person="security",
        )
    shown = presented(key.text)
    assert shown is not None
    return Cms(college, shown, registered.webhook_secret)
