"""What is tried to be published: made, handed in, brought to a state, looked for."""

import itertools
from dataclasses import dataclass
from io import BytesIO

from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.test import Client
from driver.college import clear, revoke
from news.models import NewsPage, Notice
from PIL import Image as Picture
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, Site
from xianshen_wagtail.asking import submit
from xianshen_wagtail.models import Review

STATES = (
    "never",
    "pending",
    "cleared",
    "changed",
    "revoked",
    "down",
    "slow",
    "nonsense",
)
_BROKEN = ("down", "slow", "nonsense")
_number = itertools.count(1)


def admin():
    users = get_user_model()
    found = users.objects.filter(username="editor").first()
    return found or users.objects.create_superuser("editor", "e@example.edu.cn", "pw")


def editor() -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(admin())
    return client


def visitor() -> Client:
    return Client(raise_request_exception=False)


def words() -> str:
    """Return a sentence that stands nowhere else."""
    at = next(_number)
    return f"第{at}期简讯：学院图书馆本周新到图书{at + 100}册，欢迎同学们前往借阅。"


def document(text: str):
    return get_document_model().objects.create(
        title="名单", file=ContentFile(text.encode(), name="list.txt")
    )


def image(colour: int):
    made = BytesIO()
    Picture.new("RGB", (60, 40), (colour % 256, 90, 120)).save(made, "PNG")
    return get_image_model().objects.create(
        title="合影",
        file=ContentFile(made.getvalue(), name="photo.png"),
        width=60,
        height=40,
    )


def home() -> Page:
    return Site.objects.get(is_default_site=True).root_page.specific


def news(**fields) -> NewsPage:
    """Return a page as a draft, its text in a revision."""
    text = words()
    at = next(_number)
    page = NewsPage(
        title=f"图书馆简讯 {at}",
        slug=f"news-{at}",
        intro=text,
        body=f"<p>{text}</p>",
        live=False,
        **fields,
    )
    home().add_child(instance=page)
    page.save_revision(user=admin())
    return page


@dataclass
class Subject:
    """A page or a snippet in a state: what it is, and the text to be looked for."""

    thing: object
    text: str
    state: str

    def fresh(self):
        """Return it as the database has it."""
        return type(self.thing)._base_manager.get(pk=self.thing.pk)

    def reset(self) -> None:
        """Make a draft of it again, of which the gate was never asked."""
        model = Page if isinstance(self.thing, Page) else type(self.thing)
        model._base_manager.filter(pk=self.thing.pk).update(
            live=False, live_revision=None, expired=False
        )
        if isinstance(self.thing, Page):
            Page.objects.filter(alias_of_id=self.thing.pk).delete()
            Page.objects.filter(slug__startswith=f"{self.thing.slug}-").delete()
        Review.objects.of(self.thing).filter(standing="allowed").update(
            standing="open", seal=""
        )
        cache.clear()

    @property
    def kept(self) -> bool:
        """Tell whether the editor's text is still there."""
        latest = self.fresh().get_latest_revision_as_object()
        return self.text in (latest.intro if hasattr(latest, "intro") else latest.text)


def in_state(state: str, make) -> Subject:
    """Make something and bring it to a state; `make` returns it and its text."""
    thing, text = make()
    if state == "never":
        return Subject(thing, text, state)
    review = submit(thing.get_latest_revision_as_object(), user=admin())
    if state == "pending":
        return Subject(thing, text, state)
    clear(review.case)
    if state == "changed":
        latest, text = thing.get_latest_revision_as_object(), words()
        setattr(latest, "intro" if hasattr(latest, "intro") else "text", text)
        latest.save_revision(user=admin())
    if state == "revoked":
        revoke(review.case)
    return Subject(type(thing).objects.get(pk=thing.pk), text, state)


def make_page():
    page = news()
    return page, page.intro


def make_notice():
    text = words()
    notice = Notice.objects.create(text=text, live=False)
    notice.save_revision(user=admin())
    return notice, text


def seen(text: str, *addresses: str) -> bool:
    """Tell whether a visitor gets to see the text at any of these addresses."""
    client = visitor()
    for one in addresses:
        answer = client.get(one)
        body = (
            b"".join(answer.streaming_content) if answer.streaming else answer.content
        )
        if answer.status_code == 200 and text.encode() in body:
            return True
    return False
