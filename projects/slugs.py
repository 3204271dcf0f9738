"""Short names in addresses."""

import secrets

from django.db import models

# Words that stand in an address where a short name could.
RESERVED = frozenset({"new"})


def free_slug(model: type[models.Model], wanted: str) -> str:
    """`wanted`, or with a random tail where it is taken.

    The tail is random and not a number, so that it does not tell one client how many others chose the name.
    """
    base = wanted[:50].strip("-") or "project"
    slug = base
    while slug in RESERVED or model._default_manager.filter(slug=slug).exists():
        slug = f"{base}-{secrets.token_hex(3)}"
    return slug
