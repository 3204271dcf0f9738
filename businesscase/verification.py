"""Versions of business cases still say what was submitted."""

from collections.abc import Iterator

from businesscase.models import CaseVersion
from businesscase.services.approval import version_sha256


def check_versions(_resume: bool) -> Iterator[str]:
    """Yield a sentence for each version whose content or figures are no longer what was hashed."""
    for version in CaseVersion.objects.select_related("project", "case").iterator(chunk_size=20):
        if version_sha256(version.content, version.figures) != version.sha256:
            yield f"version {version.number} of the {version.case.kind} case of {version.project.slug} was changed"
