"""Files that are coming in, being checked, or held because they are here already."""

from dataclasses import dataclass
from uuid import UUID

from accounts.models import User
from evidence.choices import UploadState
from evidence.models import EvidenceItem, IncomingFile
from evidence.selectors import same_content
from jobs.choices import JobState
from jobs.models import Job
from projects.models import Project
from projects.permissions import Access

CHECK_KIND = "evidence-check"
OPEN = (UploadState.RECEIVING, UploadState.CHECKING, UploadState.HELD)


def incoming_of(project: Project, user: User, uuid: UUID) -> IncomingFile | None:
    """A file that `user` is sending to `project`; nobody sees another's."""
    upload = upload_of(project, user, uuid)
    return upload if upload is not None and upload.state == UploadState.RECEIVING else None


def upload_of(project: Project, user: User, uuid: UUID) -> IncomingFile | None:
    """The same, whatever became of it."""
    upload = IncomingFile.objects.select_related("item").filter(project=project, user=user, uuid=uuid).first()
    if upload is not None:
        upload.project = project
    return upload


def uploads_on_their_way(project: Project, user: User) -> list[IncomingFile]:
    """What `user` sent to `project` and what is not evidence yet, the newest first. One query."""
    return list(IncomingFile.objects.filter(project=project, user=user, state__in=OPEN).order_by("-touched_at")[:20])


def check_job(upload: IncomingFile) -> Job | None:
    """The job that was asked for last to take it in."""
    asked = Job.objects.filter(kind=CHECK_KIND, idempotency_key__startswith=f"{CHECK_KIND}-{upload.uuid}-")
    return asked.order_by("-created_at").first()


@dataclass(frozen=True, slots=True)
class UploadView:
    """How a file that came in stands: `checking` with the percent of its hash, `held` with its twins, `stopped` with
    why, `receiving`, `finished` or `refused`."""

    upload: IncomingFile
    state: str
    percent: int | None = None
    why: str = ""
    twins: tuple[EvidenceItem, ...] = ()

    @property
    def received_percent(self) -> int:
        """How much of it came in."""
        return 100 * self.upload.received // max(1, self.upload.size)


def upload_view(project: Project, access: Access, upload: IncomingFile) -> UploadView:
    """What the page of a file that came in shows. Two queries at most."""
    if upload.state == UploadState.FINISHED:
        return UploadView(upload, "finished")
    if upload.state == UploadState.CANCELLED:
        return UploadView(upload, "refused", why=upload.problem)
    if upload.state == UploadState.HELD:
        return UploadView(upload, "held", twins=tuple(same_content(project, access, upload.sha256)))
    if upload.state == UploadState.CHECKING:
        job = check_job(upload)
        if job is not None and job.is_active:
            return UploadView(upload, "checking", job.progress_done if job.progress_total else None)
        return UploadView(upload, "stopped", why=job.error if job is not None and job.state == JobState.FAILED else "")
    if upload.problem or upload.received == upload.size:
        return UploadView(upload, "stopped", why=upload.problem)
    return UploadView(upload, "receiving")
