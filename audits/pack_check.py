"""Verifying a pack that somebody sends: by the program that is in each pack, in a process of its own with limits."""

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from audits.models import EvidencePack
from audits.pack_build import PARTS
from audittrail.models import Event
from common.disk import is_disk_full
from common.exceptions import RuleBroken
from evidence.files import hash_of
from projects.models import Project

#: A larger one is for one's own computer, with the program that is in it.
MOST_MB = 512
MOST_SIGNATURE = 64 * 1024
_SECONDS, _MEMORY = 120, 1024 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Checked:
    """What is to be said of a pack. `own` are the lines that only this system can say.

    `words` are set alone where there was no pack that could be read.
    """

    name: str
    sha256: str
    size: int
    words: str = ""
    holds: Sequence[str] = ()
    own: Sequence[str] = ()
    notes: Sequence[str] = ()
    faults: Sequence[tuple[str, str]] = ()
    fault_count: int = 0
    project: str = ""
    organization: str = ""
    cut: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether all of it holds."""
        return not self.words and not self.fault_count

    @property
    def more(self) -> int:
        """How many faults are not listed."""
        return max(0, self.fault_count - len(self.faults))


def check_pack(project: Project, name: str, pieces: Iterable[bytes], signature: bytes) -> Checked:
    """What holds of the pack that `pieces` are. Nothing of it is kept, and nothing of it is unpacked.

    Raises RuleBroken for one that is larger than is taken, empty, or for which there is no room or time.
    """
    try:
        with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix=".pack-check-") as folder:
            path = Path(folder, "pack.zip")
            _receive(path, pieces)
            if signature:
                path.with_name("pack.zip.p7s").write_bytes(signature)
            sha256, size = hash_of(path)
            return _told(project, _run(path), name, sha256, size)
    except OSError as error:
        if is_disk_full(error):
            raise RuleBroken(_("The disk is full. The pack was not checked; tell the administrator.")) from error
        raise


def _receive(path: Path, pieces: Iterable[bytes]) -> None:
    size = 0
    with path.open("xb") as handle:
        for piece in pieces:
            size += len(piece)
            if size > MOST_MB * 1024 * 1024:
                raise RuleBroken(
                    _(
                        "The file is larger than %(limit)d MB. Check it on your own computer: python3 verify_pack.py "
                        "FILE.zip. The program is in the pack, and on this page."
                    )
                    % {"limit": MOST_MB},
                    field="pack",
                )
            handle.write(piece)
    if not size:
        raise RuleBroken(_("The file is empty."), field="pack")


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _run(path: Path) -> dict[str, Any]:
    command = [sys.executable, "-I", str(PARTS / "verify_pack.py"), "--json", str(path)]
    # Without the secrets that the environment of a server holds.
    environment = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    try:
        run = subprocess.run(  # noqa: S603 (our own program, and a path of our own)
            command,
            capture_output=True,
            check=False,
            timeout=_SECONDS,
            preexec_fn=_limit,
            env=environment,
        )
        said = json.loads(run.stdout)
    except (subprocess.TimeoutExpired, ValueError) as error:
        raise RuleBroken(
            _(
                "Checking it took more time or memory than a pack does, and was stopped. It is no pack of ours, or was "
                "altered."
            ),
            field="pack",
        ) from error
    return dict(said)


def _told(project: Project, said: dict[str, Any], name: str, sha256: str, size: int) -> Checked:
    if not said["read"]:
        return Checked(name, sha256, size, words=said["words"])
    told = said["pack"].get("project") or {}
    cut = said["pack"].get("cut") or {}
    own, strange = _known_here(project, told, cut, sha256)
    faults = [*strange, *((where, words) for where, words in said["faults"])]
    return Checked(
        name=name,
        sha256=sha256,
        size=size,
        holds=said["holds"],
        own=own,
        notes=said["notes"],
        faults=faults,
        fault_count=said["fault_count"] + len(strange),
        project=str(told.get("name", ""))[:200],
        organization=str(told.get("organization", ""))[:200],
        cut=str(cut.get("seq", ""))[:20],
    )


def _known_here(
    project: Project, told: dict[str, Any], cut: dict[str, Any], sha256: str
) -> tuple[list[str], list[tuple[str, str]]]:
    """What this system knows of the pack: whether it was built here, and whether its trail is the one kept here."""
    holds: list[str] = []
    strange: list[tuple[str, str]] = []
    built = EvidencePack.objects.filter(project=project, sha256=sha256).order_by("-pk").first()
    if built is not None:
        holds.append(_("It is %(ref)s, byte for byte as it was built here.") % {"ref": built.ref})
    if told.get("uuid") != str(project.uuid):
        return holds, strange
    seq = cut.get("seq")
    event = Event.objects.filter(stream_id=project.uuid, seq=seq).first() if isinstance(seq, int) else None
    if event is not None and event.hash == cut.get("hash"):
        holds.append(_("Its trail is the one that is kept here: event %(seq)d has the same hash.") % {"seq": event.seq})
    else:
        strange.append((_("the trail"), _("is not the one that is kept here for this project")))
    return holds, strange
