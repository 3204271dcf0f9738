"""Taking in what came: at once where it is small, by a job where hashing takes long; and what is here already.

A file that came in stays where it is until it is evidence, was refused for what it is, or is thrown away: whatever
else goes wrong, taking it in can be tried again.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.exceptions import NotPermitted, RuleBroken, ServiceError, StaleWrite
from common.texts import clean_line
from evidence import files
from evidence.choices import UploadState
from evidence.exceptions import FileRefused, NoRoom
from evidence.files import Incoming
from evidence.models import EvidenceItem, IncomingFile
from evidence.registries import asker_of
from evidence.selectors import item_of, same_content
from evidence.selectors.uploads import CHECK_KIND, check_job
from evidence.services.items import Facts, FileIn, add_evidence, check_facts
from evidence.services.links import link_activities
from evidence.services.quota import MEGABYTE
from jobs.registry import Work
from jobs.services.request import request_job
from projects.models import Party, Project
from projects.permissions import access_to
from projects.services.guards import require_capability

Progress = Callable[[int, int], None]
_DAYS = ("collected_on", "covers_from", "covers_until", "valid_until")


def take_in_file(
    *, acting_user: User, project: Project, incoming: Incoming, name: str, facts: Facts, asked: str = ""
) -> EvidenceItem | IncomingFile:
    """Take in a file that came whole; or, where this person can see that it is here already, hold it until they say.

    `asked` is the key of the request that a held file is given for once it is kept, or its twin linked.

    Raises as `add_evidence`; the file is gone then.
    """
    access = access_to(project, acting_user)
    if not same_content(project, access, incoming.sha256):
        content = FileIn(incoming, name)
        return add_evidence(acting_user=acting_user, project=project, content=content, facts=facts)
    try:
        require_capability(acting_user, "evidence.add", project)
        check_facts(project, facts, name)
    except BaseException:
        files.discard(incoming.path)
        raise
    return IncomingFile.objects.create(
        project=project,
        user=acting_user,
        file_name=FileIn(incoming, name).shown,
        size=incoming.size,
        received=incoming.size,
        path=incoming.path.name,
        sha256=incoming.sha256,
        state=UploadState.HELD,
        facts=_written(facts, asked),
        begun_at=clock.now(),
        touched_at=clock.now(),
    )


def take_in_upload(
    *, acting_user: User, upload: IncomingFile, facts: Facts | None = None, again: str = "", asked: str = ""
) -> IncomingFile:
    """Take in what came in pieces; returns it as it stands then: finished, held as a twin, or being checked by a job.

    Without `facts` those that were said before hold. With `again`, a reason, it is kept though it is here already.
    `asked` is the key of a request that it is given for, once it is kept.
    Raises RuleBroken where not all of it came, or for what cannot be taken; but for FileRefused it can be tried again.
    """
    require_capability(acting_user, "evidence.add", upload.project)
    fresh = _waiting(acting_user, upload)
    if fresh.received != fresh.size:
        raise RuleBroken(
            _("%(received)d of %(size)d bytes came in. Send the rest.")
            % {"received": fresh.received, "size": fresh.size},
            field="file",
        )
    said = facts if facts is not None else _read(fresh)
    check_facts(fresh.project, said, fresh.file_name)
    changes: dict[str, Any] = {
        "state": UploadState.CHECKING,
        "facts": _written(said, asked if facts is not None else fresh.facts.get("asked", "")),
        "again": clean_line(again)[:300],
        "problem": "",
        "touched_at": clock.now(),
    }
    with transaction.atomic():
        # Whoever presses twice takes it in once: the second one does not find it as it was.
        if not IncomingFile.objects.filter(pk=fresh.pk, state=fresh.state, touched_at=fresh.touched_at).update(
            **changes
        ):
            raise IncomingFile.DoesNotExist
        if is_large(fresh):
            request_job(
                acting_user=acting_user,
                project=fresh.project,
                kind=CHECK_KIND,
                parameters={"upload": str(fresh.uuid)},
                idempotency_key=f"{CHECK_KIND}-{fresh.uuid}-{uuid4().hex[:8]}",
            )
    if not is_large(fresh):
        check_upload(fresh)
    fresh.refresh_from_db()
    return fresh


def is_large(upload: IncomingFile) -> bool:
    """Whether a job takes it in, since hashing it would keep somebody waiting."""
    return upload.size > int(settings.EVIDENCE_INLINE_MB) * MEGABYTE


def check_upload(upload: IncomingFile, progress: Progress | None = None) -> None:
    """Hash what came in, then keep it, or hold it where it is here already. Safe to do again from the start.

    Raises what keeps it from being taken in; the row says it too.
    """
    fresh = IncomingFile.objects.select_related("project__organization", "user").get(pk=upload.pk)
    if fresh.state != UploadState.CHECKING:
        return
    try:
        incoming = _hashed(fresh, progress)
        twins = same_content(fresh.project, access_to(fresh.project, fresh.user), incoming.sha256)
        if twins and not fresh.again:
            _move(fresh, state=UploadState.HELD, sha256=incoming.sha256)
        else:
            _keep(fresh, incoming)
    except FileRefused as error:
        gone = not isinstance(error, NoRoom)
        # What it is cannot be mended by trying again; anything else can, and the file waits for it.
        _move(fresh, state=UploadState.CANCELLED if gone else UploadState.RECEIVING, problem=str(error)[:500])
        if gone:
            files.discard(path_of(fresh))
        raise
    except ServiceError as error:
        _move(fresh, state=UploadState.RECEIVING, problem=str(error)[:500])
        raise


def check_for(work: Work) -> None:
    """Run the job: take in the file that it names."""
    upload = IncomingFile.objects.filter(uuid=work.job.parameters["upload"], project=work.project).first()
    if upload is not None:
        work.progress(0, 100, _("Taking its hash"))
        check_upload(upload, lambda done, size: work.progress(100 * done // size, 100, _("Taking its hash")))


@transaction.atomic
def link_twin(*, acting_user: User, upload: IncomingFile, key: str) -> EvidenceItem:
    """Link what is here already to what the held file was to prove, and throw the file away.

    Raises EvidenceItem.DoesNotExist for one that is no twin of it or that the person may not see.
    """
    fresh = _waiting(acting_user, upload)
    access = access_to(fresh.project, acting_user)
    if not any(item.key == key for item in same_content(fresh.project, access, fresh.sha256)):
        raise EvidenceItem.DoesNotExist
    twin = item_of(fresh.project, access, key)
    if twin is None:
        raise EvidenceItem.DoesNotExist
    said = _read(fresh)
    if said.refs:
        link_activities(
            acting_user=acting_user,
            project=fresh.project,
            items=[twin],
            refs=said.refs,
            phase_number=said.phase_number,
        )
    drop_upload(acting_user=acting_user, upload=fresh)
    _give(fresh, acting_user, twin)
    return twin


@transaction.atomic
def drop_upload(*, acting_user: User, upload: IncomingFile) -> None:
    """Throw away what came in and is not being checked."""
    fresh = _waiting(acting_user, upload)
    _move(fresh, state=UploadState.CANCELLED)
    transaction.on_commit(lambda: files.discard(path_of(fresh)))


def path_of(upload: IncomingFile) -> Path:
    """Where it lies while it comes in."""
    return files.root() / files.INCOMING / upload.path


def _waiting(acting_user: User, upload: IncomingFile) -> IncomingFile:
    """An own file that waits for somebody: coming in, held, or left by a job that came to no end."""
    fresh = (
        IncomingFile.objects.select_related("project__organization")
        .filter(pk=upload.pk, user=acting_user)
        .exclude(state__in=[UploadState.FINISHED, UploadState.CANCELLED])
        .first()
    )
    if fresh is None:
        raise IncomingFile.DoesNotExist
    if fresh.state == UploadState.CHECKING:
        job = check_job(fresh)
        if job is not None and job.is_active:
            raise RuleBroken(_("It is being checked at this moment."))
    return fresh


def _move(upload: IncomingFile, **values: Any) -> None:
    """Only from where it was: another run may have brought it on."""
    IncomingFile.objects.filter(pk=upload.pk, state=upload.state).update(touched_at=clock.now(), **values)


def _hashed(upload: IncomingFile, progress: Progress | None) -> Incoming:
    path = path_of(upload)
    try:
        digest, size = files.hash_of(path, (lambda done: progress(done, upload.size)) if progress else None)
    except FileNotFoundError as error:
        raise FileRefused(_("What came in so far is gone. Send the file anew."), field="file") from error
    if size != upload.size:
        raise FileRefused(_("The file is not as long as was announced. Send it anew."), field="file")
    if upload.sha256 and upload.sha256 != digest:
        raise FileRefused(_("It changed while it waited. Send it anew."), field="file")
    return Incoming(path, size, digest)


def _keep(upload: IncomingFile, incoming: Incoming) -> None:
    content = FileIn(incoming, upload.file_name, stays=True)
    with transaction.atomic():
        taken = IncomingFile.objects.filter(pk=upload.pk, state=UploadState.CHECKING)
        if not taken.update(state=UploadState.FINISHED, touched_at=clock.now()):
            return
        item = add_evidence(
            acting_user=upload.user,
            project=upload.project,
            content=content,
            facts=_read(upload),
            again=upload.again,
        )
        IncomingFile.objects.filter(pk=upload.pk).update(item=item)
    _give(upload, upload.user, item)


def _give(upload: IncomingFile, acting_user: User, item: EvidenceItem) -> None:
    """Give it for the request it was sent for. What was added stays, whatever comes of that; the row says why not."""
    key = upload.facts.get("asked", "")
    asker = asker_of(key)
    if asker is None or not asker.place(upload.project, key):
        return
    try:
        asker.give(acting_user=acting_user, project=upload.project, key=key, items=[item.key])
    except NotPermitted:
        said = _("nothing of it waits for you.")
        IncomingFile.objects.filter(pk=upload.pk).update(problem=said)
    except (RuleBroken, StaleWrite) as error:
        IncomingFile.objects.filter(pk=upload.pk).update(problem=str(error)[:500])


def _written(facts: Facts, asked: str) -> dict[str, Any]:
    """What was said, as a row keeps it."""
    days = {name: day.isoformat() if (day := getattr(facts, name)) else None for name in _DAYS}
    return {
        "title": facts.title,
        "shows": facts.shows,
        "owner": facts.owner.pk if facts.owner else None,
        "classification": str(facts.classification),
        "refs": list(facts.refs),
        "phase_number": facts.phase_number,
        "asked": asked,
        **days,
    }


def _read(upload: IncomingFile) -> Facts:
    said = {name: value for name, value in upload.facts.items() if name != "asked"}
    days = {name: date.fromisoformat(said[name]) if said.get(name) else None for name in _DAYS}
    owner = Party.objects.filter(project=upload.project, pk=said["owner"]).first() if said.get("owner") else None
    return Facts(**{**said, **days, "owner": owner, "refs": tuple(said.get("refs", ()))})
