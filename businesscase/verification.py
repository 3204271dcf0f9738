"""Versions of business cases still say what was submitted, and are approved only by those who were asked."""

from collections import defaultdict
from collections.abc import Iterator

from businesscase.choices import APPROVED_STATES, Verdict
from businesscase.models import Approval, CaseVersion
from businesscase.services.approval import version_sha256

YES = (Verdict.APPROVE, Verdict.CONDITIONS)


def check_versions(_resume: bool) -> Iterator[str]:
    """Yield a sentence for each version whose content or figures are not what was hashed, that counts as approved
    without the word of all who were asked, or that its submitter approved without a mark that it is their own work."""
    words: dict[int, list[Approval]] = defaultdict(list)
    for approval in Approval.objects.all().iterator(chunk_size=500):
        words[approval.case_version_id].append(approval)
    for version in CaseVersion.objects.select_related("project", "case").iterator(chunk_size=20):
        name = f"version {version.number} of the {version.case.kind} case of {version.project.slug}"
        said = words[version.pk]
        if version_sha256(version.content, version.figures) != version.sha256:
            yield f"{name} was changed"
        if version.state in APPROVED_STATES and not (said and all(each.verdict in YES for each in said)):
            yield f"{name} counts as approved without the word of all who were asked"
        for each in said:
            own = each.approver_id == version.submitted_by_id
            if own and each.verdict in YES and not each.own_work:
                yield f"{name} was approved by who submitted it, and is not marked as own work"
