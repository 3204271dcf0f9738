"""The evidence of the demo: what people kept when they reported work done, month by month, and what became old."""

import io
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from textwrap import wrap

from PIL import Image, ImageDraw, ImageFont

from accounts.models import User
from common import clock
from common.workbook_out import to_xlsx
from evidence import files
from evidence.domain.freshness import month_of
from evidence.models import ActivityEvidence, EvidenceItem
from evidence.services.items import Facts, FileIn, LinkIn, add_evidence, add_revision, withdraw_item
from phases.choices import Nature, Status
from phases.models import PhaseActivity
from phases.selectors.activity_texts import effective_text
from phases.selectors.catalogue import texts_for
from projects.models import Party, Project
from smsplan.demo.evidence_requests import add_requests_story
from smsplan.demo.script import Script, in_week

MONTHLY = 8
"""Of how many activities that go on a record is kept each month."""
A_WEEK = 14
HALF_YEAR = timedelta(days=182)


def add_evidence_story(
    script: Script,
    project: Project,
    users: Mapping[str, User],
    parties: Mapping[str, Party],
    start: date,
    today: date,
) -> None:
    """Put all that belongs to evidence into the script: a look each Friday, and the records each month."""
    weeks = (today - start).days // 7
    for week in range(2, weeks + 1):
        script.add(in_week(start, week, 4, 15), _keep_what_was_done, project, users["manager"])
        if week % 6 == 0:
            script.add(in_week(start, week, 4, 16), _revise_one, project, users["manager"])
    for week in range(16, weeks + 1, 4):
        script.add(in_week(start, week, 1, 9), _keep_records, project, users["manager"])
    script.add(in_week(start, weeks - 9, 2, 10), _withdraw_one, project, users["manager"])
    add_requests_story(script, project, users, parties, start, today)


def _keep_what_was_done(project: Project, manager: User) -> None:
    """Evidence for most of what was reported done since the last look."""
    since = clock.now() - timedelta(days=7)
    texts = texts_for(project)
    rows = (
        PhaseActivity.objects.filter(
            project=project, status__in=[Status.DONE, Status.VERIFIED], done_at__gte=since, done_at__lte=clock.now()
        )
        .select_related("activity", "done_by", "accountable")
        .order_by("activity__position")[:A_WEEK]
    )
    for row in rows:
        number = row.activity.position + row.phase_number
        # Some work is reported and nothing is kept: the page of what is wrong has something to show.
        if number % 16 == 0 or ActivityEvidence.objects.filter(activity=row.activity, phase_number=row.phase_number):
            continue
        usual = effective_text(texts, row.activity).evidence
        title = usual[number % len(usual)] if usual else f"{row.activity.ref}: notes"
        facts = Facts(
            title=title[:200],
            shows=f"Kept when {row.activity.ref} was reported done in phase {row.phase_number}.",
            owner=row.accountable,
            classification="confidential" if number % 23 == 0 else "internal",
            valid_until=_valid_until(row, number),
            refs=(row.activity.ref,),
            phase_number=row.phase_number,
        )
        _add(project, manager, number, title, facts)


def _valid_until(row: PhaseActivity, number: int) -> date | None:
    day = clock.now().date()
    if row.activity.nature == Nature.DEFINE:
        return day + 2 * HALF_YEAR
    return day + HALF_YEAR if number % 9 == 0 else None


def _add(project: Project, user: User, number: int, title: str, facts: Facts) -> EvidenceItem:
    if number % 11 == 0:
        content: FileIn | LinkIn = LinkIn(
            f"https://wiki.meridian.example/sms/{number}", f"The page “{title}”, with its list of changes, as of today."
        )
    else:
        ending, made = _KINDS[number % len(_KINDS)]
        body = made(title, clock.now().date())
        content = FileIn(files.receive([body], most=10**7), f"{_short(title)}.{ending}")
    return add_evidence(acting_user=user, project=project, content=content, facts=facts)


def _short(title: str) -> str:
    words = "".join(sign if sign.isalnum() else " " for sign in title).split()
    return "-".join(words[:6]).lower() or "notes"


def _keep_records(project: Project, manager: User) -> None:
    """The records of last month, for what operates."""
    last = month_of(clock.now().date()) - timedelta(days=1)
    rows = (
        PhaseActivity.objects.filter(project=project, operating_since__lte=last)
        .select_related("activity", "accountable")
        .order_by("operating_since", "activity__position")
    )
    for row in list({each.activity_id: each for each in rows}.values())[:MONTHLY]:
        if EvidenceItem.objects.filter(
            activityevidence_links__activity=row.activity, covers_from=month_of(last)
        ).exists():
            continue
        # One month was forgotten: records over time show the hole.
        if (row.activity.position + last.month) % 7 == 0:
            continue
        title = f"Records of {row.activity.ref}, {last:%B %Y}"
        facts = Facts(
            title=title,
            shows="An export of the month, made on its last day.",
            owner=row.accountable,
            covers_from=month_of(last),
            covers_until=last,
            refs=(row.activity.ref,),
        )
        body = _xlsx(title, last)
        content = FileIn(files.receive([body], most=10**7), f"{_short(title)}.xlsx")
        add_evidence(acting_user=manager, project=project, content=content, facts=facts)


def _revise_one(project: Project, manager: User) -> None:
    """A newer revision of the oldest file that has none yet and is a month old."""
    old = clock.now() - timedelta(days=30)
    item = (
        EvidenceItem.objects.filter(
            project=project, kind="file", state="current", revision__number=1, revision__added_at__lte=old
        )
        .select_related("revision")
        .order_by("pk")
        .first()
    )
    if item is None or item.revision is None or item.revision.file_name.rpartition(".")[2] != "pdf":
        item = (
            EvidenceItem.objects.filter(
                project=project, state="current", revision__number=1, revision__file_name__endswith=".pdf"
            )
            .select_related("revision")
            .order_by("pk")
            .first()
        )
    if item is None or item.revision is None:
        return
    body = _pdf(f"{item.title}, second issue", clock.now().date())
    add_revision(
        acting_user=manager,
        project=project,
        key=item.key,
        version=item.version,
        content=FileIn(files.receive([body], most=10**7), item.revision.file_name),
        why="Signed after the review.",
    )


def _withdraw_one(project: Project, manager: User) -> None:
    item = EvidenceItem.objects.filter(project=project, kind="link", state="current").order_by("pk").first()
    if item is not None:
        why = "The page was taken down; the file replaces it."
        withdraw_item(acting_user=manager, project=project, key=item.key, version=item.version, why=why)


def _records(day: date) -> list[list[str]]:
    return [[f"R-{number:04d}", f"{day - timedelta(days=number):%d %B %Y}", "closed"] for number in range(1, 11)]


def _ascii(text: str) -> str:
    return text.encode("ascii", "replace").decode()


def _written(size: int, y: int, lines: list[str], lead: int = 16) -> bytes:
    shown = [_ascii(line).translate(str.maketrans("", "", "()\\")) for line in lines]
    return f"BT /F1 {size} Tf 60 {y} Td {lead} TL {' T* '.join(f'({line}) Tj' for line in shown)} ET".encode("ascii")


def _pdf(title: str, day: date) -> bytes:
    """A page with a title, a date and a list, small and valid."""
    head = _written(18, 770, wrap(title, 52), lead=24)
    place = 740 - 24 * len(wrap(title, 52))
    text = b"\n".join(
        [
            head,
            _written(11, place, [f"Meridian Shared Services, {day:%d %B %Y}"]),
            f"60 {place - 16} m 535 {place - 16} l S".encode(),
            _written(11, place - 44, ["   ".join(row) for row in _records(day)], lead=22),
        ]
    )
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
    ]
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(parts) + 1, table)
        + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, len(out))
    )


def _png(title: str, day: date) -> bytes:
    picture = Image.new("RGB", (960, 540), "white")
    draw = ImageDraw.Draw(picture)
    large, small = ImageFont.load_default(24), ImageFont.load_default(18)
    draw.rectangle((0, 0, 960, 56), fill="#31427a")
    draw.text((24, 14), _ascii(title[:70]), fill="white", font=large)
    draw.text((24, 76), f"{day:%d %B %Y}", fill="#454b57", font=small)
    for number, row in enumerate(_records(day)):
        y = 116 + 40 * number
        draw.line((24, y, 936, y), fill="#d5d9e2")
        for x, word in zip((24, 240, 700), row, strict=True):
            draw.text((x, y + 9), word, fill="#1b1f27", font=small)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _xlsx(title: str, day: date) -> bytes:
    rows = [[f"R-{number:04d}", day - timedelta(days=number), "closed"] for number in range(1, 11)]
    return to_xlsx(title[:31], ["Record", "Day", "State"], rows)


def _text(title: str, day: date) -> bytes:
    return f"{title}\n{day:%d %B %Y}\n\nMinutes: agreed as written; the owner keeps the list.\n".encode()


_KINDS: tuple[tuple[str, Callable[[str, date], bytes]], ...] = (
    ("pdf", _pdf),
    ("png", _png),
    ("xlsx", _xlsx),
    ("txt", _text),
    ("pdf", _pdf),
)
