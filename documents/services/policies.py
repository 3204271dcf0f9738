"""Drafting a policy from answers to its questions."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.exceptions import RuleBroken
from documents.domain.fill import marks_in
from documents.models import Document
from documents.policies_library import model_policy
from documents.selectors import open_version
from documents.services.begin import begin_from_template
from documents.services.drafts import answer_questions
from projects.models import Project
from projects.services.guards import require_capability


@transaction.atomic
def draft_policy(
    *,
    acting_user: User | None,
    project: Project,
    key: str,
    answers: Mapping[str, str],
    seen: Mapping[str, str] | None = None,
) -> Document:
    """Begin the policy of the template `key`, where it is not begun, and keep what was answered, by what it fills.

    Questions that the draft does not ask (the shorter form asks fewer) are left out. Raises as `begin_from_template`
    and `answer_questions`; RuleBroken for what is none of the policies that are guided here.
    """
    require_capability(acting_user, "documents.write", project)
    if model_policy(key) is None:
        raise RuleBroken(_("There is no such policy."))
    document = Document.objects.filter(project=project, template=key).current().first()
    if document is None:
        document = begin_from_template(acting_user=acting_user, project=project, key=key)
    document.project = project
    draft = open_version(document)
    asked = {mark.key for mark in marks_in(draft.body)} if draft is not None else set()
    kept = {question: answer for question, answer in answers.items() if question in asked or draft is None}
    return answer_questions(acting_user=acting_user, project=project, key=document.key, answers=kept, seen=seen)
