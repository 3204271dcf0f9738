"""Files that are coming in."""

from uuid import UUID

from accounts.models import User
from evidence.choices import UploadState
from evidence.models import IncomingFile
from projects.models import Project


def incoming_of(project: Project, user: User, uuid: UUID) -> IncomingFile | None:
    """A file that `user` is sending to `project`; nobody sees another's."""
    upload = IncomingFile.objects.filter(project=project, user=user, uuid=uuid, state=UploadState.RECEIVING).first()
    if upload is not None:
        upload.project = project
    return upload
