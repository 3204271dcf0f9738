"""The words of the choices that a content holds as keys, and small facts of versions."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from businesscase.choices import (
    AssumptionKind,
    BenefitKind,
    Category,
    Conformity,
    Grade,
    Impact,
    Probability,
    Rhythm,
    RiskCategory,
    RiskResponse,
    RiskState,
    Verdict,
    VersionState,
)
from businesscase.domain.content import CaseContent
from businesscase.domain.risks import level_of
from businesscase.templatetags.case_ui import month
from common.markdown import render_markdown
from common.templatetags.ui import mark, pill

register = template.Library()

_WORDS: dict[str, Any] = {
    "assumption": AssumptionKind,
    "benefit kind": BenefitKind,
    "category": Category,
    "conformity": Conformity,
    "grade": Grade,
    "impact": Impact,
    "probability": Probability,
    "rhythm": Rhythm,
    "risk category": RiskCategory,
    "response": RiskResponse,
    "risk state": RiskState,
}
_STATES = {
    VersionState.SUBMITTED: ("hourglass-split", "accent"),
    VersionState.APPROVED: ("check-circle-fill", "ok"),
    VersionState.CONDITIONS: ("check-circle", "ok"),
    VersionState.CHANGES: ("arrow-clockwise", "warn"),
    VersionState.REJECTED: ("st-blocked", "bad"),
    VersionState.WITHDRAWN: ("arrow-left", "faint"),
    VersionState.SUPERSEDED: ("clock-history", "faint"),
}
_VERDICTS = {
    Verdict.WAITING: ("st-not-started", ""),
    Verdict.APPROVE: ("check-circle-fill", "ok"),
    Verdict.CONDITIONS: ("check-circle", "ok"),
    Verdict.CHANGES: ("arrow-clockwise", "warn"),
    Verdict.REJECT: ("st-blocked", "bad"),
}
_LEVELS = {"low": "", "medium": "warn", "high": "bad"}


@register.filter
def word(value: Any, kind: str) -> str:
    """The word of a choice: `{{ item.category|word:"category" }}`; what is not known stands as it is."""
    choices = _WORDS[kind]
    return str(choices(value).label) if value in choices.values else str(value or "")


@register.filter
def markdown(text: str) -> SafeString:
    """Markdown from anybody as safe HTML."""
    return render_markdown(text)


@register.filter
def risk_level(item: Any) -> str:
    """How serious a risk is: low, medium or high."""
    return str(level_of(item.probability, item.impact))


@register.filter
def level_tone(level: str) -> str:
    """The tone of a level."""
    return _LEVELS[level]


@register.simple_tag
def version_pill(state: str) -> SafeString:
    """The state of a version beside the title of its page."""
    found = VersionState(state)
    return pill(_STATES[found][0], str(found.label), active=found == VersionState.SUBMITTED)


@register.simple_tag
def version_mark(state: str) -> SafeString:
    """The state of a version in a row."""
    found = VersionState(state)
    return mark(_STATES[found][0], str(found.label), _STATES[found][1])


@register.simple_tag
def verdict_mark(verdict: str) -> SafeString:
    """What an approver said."""
    found = Verdict(verdict)
    return mark(_VERDICTS[found][0], str(found.label), _VERDICTS[found][1])


@register.filter
def month_at(content: CaseContent, number: int | None) -> str:
    """The month with this number (from 1) of a content's horizon; nothing is an en dash."""
    return month(None if number is None else content.first_month + number - 1)
