"""What every page shows besides its own."""

from django import template

from news.models import Notice

register = template.Library()


@register.simple_tag
def notices():
    return Notice.objects.filter(live=True)
