"""Small parts of the board paper."""

from django import template
from django.utils.safestring import SafeString

from common.markdown import render_markdown

register = template.Library()


@register.filter
def prose(text: str) -> SafeString:
    """Markdown that a person wrote, as clean HTML."""
    return render_markdown(text)


@register.filter
def halves(digest: str) -> list[str]:
    """A hash in two parts, so that it never runs out of its line."""
    return [digest[:32], digest[32:]] if digest else []
