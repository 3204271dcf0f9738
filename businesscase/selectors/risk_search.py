"""What the search of a project finds among risks."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from businesscase.choices import RiskState
from businesscase.models import Risk
from common.highlight import contains_all, contains_any, excerpt, marked
from phases.registries import SearchHit, SearchPart
from phases.selectors.search import stands_in
from projects.models import Project
from projects.permissions import Access

TEXTS = ("cause", "event", "effect", "response_text", "outcome")


def find_risks(project: Project, _access: Access, words: Sequence[str], most: int) -> list[SearchHit]:
    """Risks that hold all `words` in ref, title or story; open ones first. One query."""
    risks = Risk.objects.filter(project=project)
    for word in words:
        risks = risks.filter(stands_in(("ref", "title", *TEXTS), word))
    return [_hit(project, risk, words) for risk in risks.order_by("-state", "pk")[:most]]


def _hit(project: Project, risk: Risk, words: Sequence[str]) -> SearchHit:
    head = contains_all(f"{risk.ref} {risk.title}", words)
    text = next((said for said in (getattr(risk, name) for name in TEXTS) if contains_any(said, words)), "")
    return SearchHit(
        ref=risk.ref,
        title=marked(risk.title, words),
        url=reverse("risk", args=[project.slug, risk.ref]),
        found=None if head or not text else excerpt(text, words),
        note="" if risk.state == RiskState.OPEN else str(risk.get_state_display()),
    )


RISKS = SearchPart(_("Risks"), "risks.view", find_risks)
