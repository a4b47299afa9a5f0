"""Pages with every sort of field, a snippet with drafts, a site setting."""

from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.api import APIField
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents import get_document_model_string
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.embeds.blocks import EmbedBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.images import get_image_model_string
from wagtail.images.blocks import ImageBlock, ImageChooserBlock
from wagtail.models import (
    DraftStateMixin,
    Orderable,
    Page,
    RevisionMixin,
    WorkflowMixin,
)
from wagtail.snippets.models import register_snippet

_IMAGE, _DOCUMENT = get_image_model_string(), get_document_model_string()
_KEPT = {"null": True, "blank": True, "on_delete": models.SET_NULL, "related_name": "+"}


class NewsPage(Page):
    intro = models.TextField(blank=True)
    body = RichTextField(blank=True)
    # Called as a relation of every page is, and as what settings keep house with.
    notepage = models.CharField(max_length=50, blank=True)
    site = models.CharField(max_length=50, blank=True)
    happened_at = models.DateTimeField(null=True, blank=True)
    parts = StreamField(
        [
            ("text", blocks.RichTextBlock()),
            ("picture", ImageChooserBlock()),
            ("file", DocumentChooserBlock()),
            (
                "person",
                blocks.StructBlock(
                    [("name", blocks.CharBlock()), ("since", blocks.DateBlock())]
                ),
            ),
            ("names", blocks.ListBlock(blocks.CharBlock())),
            ("code", blocks.RawHTMLBlock()),
            ("described", ImageBlock()),
            ("table", TypedTableBlock([("text", blocks.CharBlock())])),
            ("video", EmbedBlock()),
        ],
        blank=True,
    )
    picture = models.ForeignKey(_IMAGE, **_KEPT)
    file = models.ForeignKey(_DOCUMENT, **_KEPT)

    content_panels = [
        *Page.content_panels,
        FieldPanel("intro"),
        FieldPanel("body"),
        FieldPanel("happened_at"),
        FieldPanel("parts"),
        FieldPanel("picture"),
        FieldPanel("file"),
        InlinePanel("winners"),
    ]
    api_fields = [APIField("intro")]


class Winner(Orderable):
    page = ParentalKey(NewsPage, on_delete=models.CASCADE, related_name="winners")
    name = models.CharField(max_length=50)
    panels = [FieldPanel("name")]


@register_snippet
class Notice(WorkflowMixin, DraftStateMixin, RevisionMixin, models.Model):
    text = models.CharField(max_length=200)
    panels = [FieldPanel("text")]

    def __str__(self) -> str:
        return self.text


@register_snippet
class Banner(models.Model):
    """No drafts are kept of it: guarded only where the settings name it."""

    text = models.CharField(max_length=200)
    panels = [FieldPanel("text")]

    def __str__(self) -> str:
        return self.text


@register_setting
class Footer(BaseSiteSetting):
    text = models.CharField(max_length=200, blank=True)
    panels = [FieldPanel("text")]


class NotePage(Page):
    pass


@register_setting
class Links(BaseSiteSetting, ClusterableModel):
    panels = [InlinePanel("links")]


class Link(Orderable):
    of = ParentalKey(Links, on_delete=models.CASCADE, related_name="links")
    text = models.CharField(max_length=50)
    panels = [FieldPanel("text")]
