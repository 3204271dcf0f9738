"""What stands on every page of governance."""

from typing import Any

from django import template

from governance.places import places_of
from governance.selectors.places import place_counts

register = template.Library()


@register.inclusion_tag("governance/_places.html", takes_context=True)
def governance_places(context: template.RequestContext, here: str) -> dict[str, Any]:
    """The pages of governance as tabs, `here` the current one. One query. Nothing for who may open but one of them."""
    request = context["request"]
    project = context["project"]
    places = places_of(project, request.access, here, place_counts(project))
    return {"places": places if len(places) > 1 else []}
