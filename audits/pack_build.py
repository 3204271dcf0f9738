"""Building a pack: a ZIP whose bytes follow from the cut, the options and the release, and from nothing else."""

import json
import logging
import shutil
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from audits.domain.pack_names import plain_name
from audits.domain.pack_options import PackOptions
from audits.domain.pack_state import Cut, PackState
from audits.exports_packs import register
from audits.pack_pages import PackFacts, clause_pages, index_html, index_paper, verify_text
from audits.pack_plan import Plan, Planned, manifest_row, plan_of
from audits.pack_trail import PackTrail
from audits.pack_zip import PackZip, Written
from audits.selectors.pack_state import state_at
from common.canonical import canonical_json
from common.disk import is_disk_full
from common.exceptions import RuleBroken, ServiceError
from common.paper.pages import write_paper
from common.pdf.render import FOR_ARCHIVE
from documents.choices import VersionState
from documents.models import DocumentVersion
from documents.pdf import write_version
from evidence import files
from evidence.models import Revision
from projects.models import Project
from projects.permissions import Access

FORMAT, FORMAT_VERSION = "smsplan evidence pack", 1
PARTS = Path(__file__).parent / "pack"
MANIFEST, SUMS, TRAIL = "manifest.json", "SHA256SUMS", "trail.jsonl"
#: What the index, the register and the trail may take besides the evidence.
_ROOM_BESIDES = 64 * 1024 * 1024
Progress = Callable[[int, int, str], None]

logger = logging.getLogger(__name__)


class PackFailed(RuleBroken):
    """There is no pack; the message says which file was at fault, or what else."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a pack came to."""

    files: int
    size: int
    evidence: int
    documents: int
    left_out: int


def release() -> str:
    """The release of this application, which a pack names; "unknown" where nothing says."""
    try:
        with (Path(settings.BASE_DIR) / "pyproject.toml").open("rb") as handle:
            return str(tomllib.load(handle)["project"]["version"])
    except (OSError, KeyError, tomllib.TOMLDecodeError):
        return "unknown"


def top_folder(project: Project, cut: Cut) -> str:
    """The one folder in the ZIP."""
    return f"{plain_name(project.slug, longest=40)}-evidence-{cut.seq}"


def build_pack(
    project: Project,
    access: Access,
    cut: Cut,
    options: PackOptions,
    target: Path,
    *,
    progress: Progress | None = None,
) -> Built:
    """Write the pack to `target`; what stands there is overwritten, and where it fails nothing is left.

    The same cut, options, rights and release give the same bytes. Raises PackFailed for a file that is missing or not
    what was taken in, and for a disk without room; ServiceError for a document that cannot be printed.
    """
    report = progress or (lambda _done, _total, _doing: None)
    try:
        with translation.override(settings.LANGUAGE_CODE), timezone.override(project.time_zone):
            report(0, 0, _("Reading the project"))
            state = state_at(project, access, cut, options)
            plan = plan_of(state)
            _check_room(plan, target)
            with PackZip(target, top_folder(project, cut)) as bundle, TemporaryDirectory(dir=target.parent) as folder:
                _fill(project, state, plan, options, bundle, Path(folder), report)
                written = bundle.written
        return Built(
            files=len(written),
            size=target.stat().st_size,
            evidence=len(state.items),
            documents=len(state.documents),
            left_out=len(state.left_out),
        )
    except BaseException as error:
        target.unlink(missing_ok=True)
        if is_disk_full(error) and not isinstance(error, ServiceError):
            raise PackFailed(_("The disk is full. Nothing of the pack was kept. Tell the administrator.")) from error
        raise


def _check_room(plan: Plan, target: Path) -> None:
    free = shutil.disk_usage(target.parent).free
    needed = plan.size + _ROOM_BESIDES
    if free < needed:
        megabyte = 1024 * 1024
        raise PackFailed(
            _("The pack needs %(needed)d MB and the disk has %(free)d MB free. Nothing was built.")
            % {"needed": needed // megabyte + 1, "free": free // megabyte}
        )


def _fill(
    project: Project,
    state: PackState,
    plan: Plan,
    options: PackOptions,
    bundle: PackZip,
    folder: Path,
    report: Progress,
) -> None:
    total = len(plan.files) + 4
    for place, planned in enumerate(plan.files):
        report(place, total, planned.path.rpartition("/")[2])
        if planned.revision is not None:
            _put_revision(planned, bundle)
        else:
            _put_document(project, planned, bundle, folder)
    facts = PackFacts(project, options, state, plan, bundle.written)
    report(total - 4, total, _("Writing the register"))
    pages = [("index.html", index_html(facts)), *clause_pages(facts)]
    bundle.add_bytes("register.xlsx", register(state, plan, bundle.written))
    report(total - 3, total, _("Setting the index on paper"))
    paper = folder / "index.pdf"
    write_paper(index_paper(facts), paper, variant=FOR_ARCHIVE)
    bundle.add("index.pdf", files.pieces_of(paper), size=paper.stat().st_size)
    for path, content in pages:
        bundle.add_bytes(path, content)
    report(total - 2, total, _("Writing the trail"))
    trail = PackTrail(project, state, options)
    bundle.add(TRAIL, trail.lines(), size=600 * state.cut.seq)
    bundle.add_bytes("VERIFY.txt", verify_text(facts))
    for name in ("pack.css", "verify_pack.py"):
        bundle.add_bytes(name, (PARTS / name).read_bytes())
    report(total - 1, total, _("Writing the manifest"))
    manifest = _manifest(project, state, plan, options, bundle.written, trail)
    bundle.add_bytes(MANIFEST, (json.dumps(manifest, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode())
    sums = "".join(f"{bundle.written[path].sha256}  {path}\n" for path in sorted(bundle.written))
    bundle.add_bytes(SUMS, sums.encode())


def _put_revision(planned: Planned, bundle: PackZip) -> None:
    """A revision, byte for byte as it was taken in, or no pack at all."""
    revision, item = planned.revision, planned.item
    if revision is None or item is None:
        raise ValueError(planned.path)
    name = f"{item.key} revision {revision.number} ({revision.file_name or item.title})"
    try:
        written = bundle.add(planned.path, _pieces(planned), size=revision.size)
    except (FileNotFoundError, ValueError) as error:
        gone = Revision.objects.filter(pk=revision.pk, disposed_at__isnull=False).exists()
        if gone:
            said = _("%(name)s was disposed of while the pack was being built. Build it again.")
        else:
            said = _("%(name)s is missing: its file is not there. No pack was built; tell the administrator.")
        raise PackFailed(said % {"name": name}) from error
    except OSError as error:
        if is_disk_full(error):
            raise
        raise PackFailed(
            _("%(name)s cannot be read. No pack was built; tell the administrator.") % {"name": name}
        ) from error
    if written.sha256 != revision.sha256:
        raise PackFailed(
            _("%(name)s is altered: its file is not what was taken in. No pack was built; tell the administrator.")
            % {"name": name}
        )


def _pieces(planned: Planned) -> Iterator[bytes]:
    revision = planned.revision
    if revision is None:
        return
    if revision.stored:
        yield from files.pieces_of(files.stored_path(revision.stored))
    elif revision.url:
        seen = {"url": revision.url, "seen": revision.seen_note, "on": revision.seen_on}
        yield canonical_json(seen).encode()
    elif revision.record:
        yield revision.record.encode()
    else:
        raise FileNotFoundError(planned.path)


def _put_document(project: Project, planned: Planned, bundle: PackZip, folder: Path) -> None:
    """The paper of a version, set as it was in force. Its PDF was not kept as evidence by the cut."""
    if planned.document is None:
        raise ValueError(planned.path)
    found = DocumentVersion.objects.select_related("document", "submitted_by", "file__revision").get(
        pk=planned.document.version_pk, project=project
    )
    found.document.project = project
    found.state = VersionState.PUBLISHED
    made = folder / "document.pdf"
    try:
        write_version(found, made, variant=FOR_ARCHIVE)
    except ServiceError as error:
        raise PackFailed(
            _("%(document)s could not be set on paper: %(why)s No pack was built.")
            % {"document": planned.title, "why": error}
        ) from error
    bundle.add(planned.path, files.pieces_of(made), size=made.stat().st_size)
    made.unlink()


def _manifest(
    project: Project,
    state: PackState,
    plan: Plan,
    options: PackOptions,
    written: dict[str, Written],
    trail: PackTrail,
) -> dict[str, Any]:
    planned = {each.path: each for each in plan.files}
    clauses = {f"clauses/{each.folder}/index.html": each for each in state.clauses}
    what = {
        "index.html": "index",
        "index.pdf": "index on paper",
        "register.xlsx": "register",
        TRAIL: "trail",
        "VERIFY.txt": "how to verify",
        "verify_pack.py": "program that verifies",
        "pack.css": "look of the pages",
    }
    rows = []
    for path in sorted(written):
        each = written[path]
        if path in planned:
            rows.append(manifest_row(planned[path], each.sha256, each.size, trail.told))
            continue
        row: dict[str, Any] = {"path": path, "bytes": each.size, "sha256": each.sha256, "what": what.get(path, "page")}
        if path in clauses:
            row |= {"what": "page of a clause", "title": f"{clauses[path].number} {clauses[path].title}".strip()}
            row["links"] = {"clauses": [clauses[path].number]}
        rows.append(row)
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "release": release(),
        "project": {
            "slug": project.slug,
            "name": project.name,
            "organization": project.organization.name,
            "uuid": str(project.uuid),
            "time_zone": project.time_zone,
        },
        "options": options.as_plain(),
        "cut": {
            "seq": state.cut.seq,
            "hash": state.cut.hash,
            "at": state.cut.at.isoformat(timespec="seconds"),
            "day": state.cut.day.isoformat(),
        },
        "trail": {"file": TRAIL, "events": state.cut.seq, "told_in_full": trail.full},
        "counts": {
            "clauses": len(state.clauses),
            "activities": len(state.activities),
            "documents": len(state.documents),
            "evidence": len(state.items),
            "answers": len(state.answers),
            "findings": len(state.findings),
            "decisions": len(state.decisions),
        },
        "missing": [
            {"clause": each.number, "title": each.title, "lacks": list(each.lacks)}
            for each in state.clauses
            if each.lacks
        ],
        "left_out": [{"what": each.what, "name": each.name, "why": each.why} for each in state.left_out],
        "files": rows,
    }
