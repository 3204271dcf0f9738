"""The board pack as the file that goes with the mail before a meeting."""

import logging
import tempfile
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from accounts.models import User
from common import clock
from common.mail import Attached
from common.pdf.exceptions import PdfFailed
from governance.board_paper import file_name, write_board_pack
from governance.models import Meeting
from governance.selectors.steering import board_of
from notifications.models import Notice
from projects.models import Project
from projects.permissions import can

log = logging.getLogger(__name__)


def packs_of(person: User, notices: Sequence[Notice]) -> list[Attached]:
    """The packs of the meetings that `notices` tell of, as their pages stood when they were sent.

    Who may not see the steering page gets none. One that cannot be made is left out, and the mail leads to the meeting
    as ever: members who know of the meeting without its pack are better off than members who know of nothing.
    """
    rows = Meeting.objects.filter(
        pk__in={notice.subject for notice in notices},
        project__in={notice.project_id for notice in notices},
        pack_sent_at__isnull=False,
    ).select_related("project__organization")
    files = []
    for meeting in rows:
        if meeting.pack_sent_at is None or not can(person, "governance.view", meeting.project):
            continue
        try:
            files.append(pack_of(meeting.project.uuid, meeting.pack_sent_at))
        except PdfFailed:
            log.exception("the board pack of meeting %s could not be made for a mail", meeting.pk)
    return files


@lru_cache(maxsize=2)
def pack_of(project: UUID, sent_at: datetime) -> Attached:
    """The pack of the day on which it was sent: one for all members, who are mailed one after another."""
    row = Project.objects.select_related("organization").get(uuid=project)
    day = clock.day_of(sent_at, row.time_zone)
    board = board_of(row, day if day < clock.today(row.time_zone) else None)
    with tempfile.TemporaryDirectory(prefix="smsplan-pack-") as folder:
        target = Path(folder) / "pack.pdf"
        write_board_pack(row, board, target, made_at=sent_at)
        return Attached(file_name(row, board), target.read_bytes(), "application/pdf")
