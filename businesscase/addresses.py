"""Addresses of the pages that both cases of a project have: one view, a route for each case."""

from django.urls import reverse

from businesscase.choices import CaseKind


def case_address(slug: str, kind: str, name: str, *args: object) -> str:
    """The address of the page `name` ("versions", "submit") for the case of `kind`."""
    prefix = "small" if kind == CaseKind.GAP else "case"
    return reverse(f"{prefix}_{name}", args=[slug, *args])
