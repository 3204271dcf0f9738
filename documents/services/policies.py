"""Drafting a policy from answers to its questions, and saying why one stays as it is."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from common.texts import clean_line
from documents.domain.fill import marks_in
from documents.models import Document, PolicyExplanation
from documents.permissions import may_write
from documents.policies_library import model_policy
from documents.selectors import open_version
from documents.selectors.policies import policy_rows
from documents.selectors.policy_checks import checks_of
from documents.services.begin import begin_from_template
from documents.services.drafts import answer_questions
from documents.services.telling import tell_of
from projects.models import Project
from projects.permissions import access_to
from projects.services.guards import require_capability, write_versioned

LONGEST_WHY = 400


@transaction.atomic
def explain_finding(
    *, acting_user: User | None, project: Project, key: str, problem: str, about: str, seen: int, why: str
) -> PolicyExplanation:
    """Say why the policy of the template `key` stays as it is although a check finds `problem` in it. One trail event.

    `about` is what exactly was found, `seen` the version of what was said before (0: nothing). Raises NotPermitted,
    StaleWrite where somebody has said why meanwhile or it is not found any more, RuleBroken without a reason.
    """
    require_capability(acting_user, "documents.write", project)
    access = access_to(project, acting_user)
    rows = policy_rows(project, access)
    document = next((row.document for row in rows if row.model.key == key), None)
    if document is None:
        raise StaleWrite(_("This does not stand there any more: one of the two was changed."), current={}, sent={})
    document.project = project
    if not may_write(document, access):
        raise NotPermitted(_("Managers, its owner and who began it write this document."))
    found = next(
        (
            each
            for check in checks_of(project, rows)
            for each in check.findings
            if about and (each.key, each.problem, each.about) == (key, problem, about)
        ),
        None,
    )
    if found is None:
        raise StaleWrite(_("This does not stand there any more: one of the two was changed."), current={}, sent={})
    said = clean_line(why)
    if not said:
        raise RuleBroken(_("Say why it stays as it is: an auditor will ask."), field="why")
    if len(said) > LONGEST_WHY:
        raise RuleBroken(_("This is longer than %(most)d characters.") % {"most": LONGEST_WHY}, field="why")
    before = found.explanation
    if (before.version if before else 0) != seen:
        raise StaleWrite(
            _("Somebody has explained this meanwhile. Read what they say; yours was not kept."),
            current={_("Reason"): before.why if before else ""},
            sent={_("Reason"): said},
        )
    values = {"why": said, "said_by": acting_user, "said_at": clock.now()}
    if before is None:
        before = PolicyExplanation.objects.create(
            project=project, document=document, problem=problem, about=about, **values
        )
    else:
        write_versioned(before, version=seen, values=values, shown={}, sent={})
    tell_of(acting_user, document, "explain", {"finding": [None, found.words]}, reason=said)
    return before


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
