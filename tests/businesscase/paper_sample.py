"""A whole case as a board would get it, invented: for the tests of its paper."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from businesscase import guide
from businesscase.domain.content import CaseContent, content_from_plain
from businesscase.domain.months import parse_month

FIRST = parse_month("2027-01")


def sample_content(**changes: Any) -> CaseContent:
    """The case of an invented provider, with everything in it, and then changed."""
    plain = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    plain["costs"] = [{"last_month": None, **row} for row in plain["costs"]]
    plain["risks"] = [{"cause": "", "event": "", "effect": "", **row} for row in plain["risks"]]
    content = content_from_plain({**plain, "sections": {key: point.example for key, point in guide.points().items()}})
    return replace(content, **changes)
