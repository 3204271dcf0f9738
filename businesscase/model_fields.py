"""Fields that several models of this app have."""

from datetime import date
from typing import Any

from django.db import models


def money(**more: Any) -> "models.DecimalField[Any, Any]":
    """An amount with two places, up to 999,999,999,999.99."""
    return models.DecimalField(max_digits=14, decimal_places=2, **more)


def month_start(day: date) -> date:
    """The first day of the month of `day`: how months are stored."""
    return day.replace(day=1)
