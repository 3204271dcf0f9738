"""The board pack on paper: what the committee's page says, with agenda, decisions and minutes."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common.canonical import sha256_of
from common.charts import Chart, ChartRow, LegendItem, PhaseProgress, StackedRow, phase_progress, stacked_bars
from common.charts.parts import Table
from common.paper.charts import chart_figure
from common.paper.glyphs import shown
from common.paper.text import markdown_to_paper
from common.pdf.render import PdfFacts, render_pdf
from governance import board_rows, board_words
from governance.domain.board import Board, Decided, to_plain
from projects.models import Project

MOST_DECIDED = 20


def write_board_pack(project: Project, board: Board, target: Path, *, made_at: datetime) -> PdfFacts:
    """Write the pack of `board` as PDF to `target`, whole or not at all. `made_at` is when it was asked for.

    Raises PdfFailed, in words for a person.
    """
    return render_pdf(pack_html(project, board, made_at=made_at), target, base_url=settings.BASE_URL, own_fonts=True)


def pack_html(project: Project, board: Board, *, made_at: datetime) -> str:
    """The document that becomes the PDF."""
    with timezone.override(project.time_zone):
        html = render_to_string("print/governance/board_pack.html", pack_context(project, board, made_at))
    head, body = html.split("<body", 1)
    return f"{head}<body{shown(body)}"


def file_name(project: Project, board: Board) -> str:
    """What the PDF is called: project and day."""
    return f"{project.slug}-board-pack-{board.day.isoformat()}.pdf"


def pack_context(project: Project, board: Board, made_at: datetime) -> dict[str, Any]:
    """All that the templates of the pack show."""
    digest = sha256_of(to_plain(board))
    return {
        "project": project,
        "board": board,
        "running": board.current,
        "made_at": made_at,
        "created": made_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "digest": digest,
        "banner": board_words.banner_of(board),
        "past": board_words.past_words(board),
        "asked_heading": board_words.asked_heading(board),
        "gate_words": board_words.next_gate_words(board),
        "phases_say": board_words.phases_sentence(board),
        "phases_figure": chart_figure(phases_chart(board)),
        "phases": board_rows.phase_rows(board),
        "phases_foot": board_words.carried_words(board),
        "money_say": board_words.money_sentence(board.money) if board.money else "",
        "benefits_say": board_words.benefits_sentence(board.money) if board.money else "",
        "money_unit": board_words.unit_of_money(board.money).word if board.money else "",
        "money_figure": chart_figure(money_chart(board)) if board.money else "",
        "money": board_rows.money_rows(board),
        "money_total": board_rows.money_total(board),
        "gap_say": board_words.gap_sentence(board),
        "gap_figure": chart_figure(gap_chart(board)) if len(board.assessments) > 1 else "",
        "slip_say": board_words.slip_sentence(board),
        "slips": board_rows.slip_rows(board),
        "risks_say": board_words.risks_sentence(board),
        "risks": board_rows.risk_rows(board),
        "gates": board_rows.gate_rows(board),
        "findings": board_rows.finding_rows(board),
        "findings_say": board_words.findings_sentence(board),
        "actions": board_rows.action_rows(board, most=len(board.actions)),
        "decided": [
            (each, board_words.outcome_word(each), decided_note(each)) for each in board.decided[:MOST_DECIDED]
        ],
        "more_decided": max(0, len(board.decided) - MOST_DECIDED),
        "agenda": _markdown(board.next_meeting.agenda) if board.next_meeting else "",
        "minutes": _markdown(board.last_meeting.minutes) if board.last_meeting else "",
    }


def decided_note(line: Decided) -> str:
    """How it was decided, and what became of it."""
    return board_words.decided_note(line)


def _markdown(text: str) -> SafeString | str:
    """What somebody wrote, its headings below those of the pack."""
    return markdown_to_paper(text).html if text.strip() else ""


def phases_chart(board: Board) -> Chart:
    """How far each phase is."""
    return phase_progress(
        [
            PhaseProgress(
                f"{each.number} {each.name}",
                each.verified,
                each.done,
                each.applicable,
                each.planned if each.is_under_way else None,
            )
            for each in board.phases
            if each.applicable
        ],
        title=_("Activities done in each phase"),
    )


def money_chart(board: Board) -> Chart:
    """What each phase was to cost, has cost and will have cost."""
    rows = board_rows.money_rows(board)
    return Chart(
        title=_("Budget, actual and forecast of each phase"),
        rows=tuple(ChartRow(row.title, row.bar, row.forecast, note=row.difference) for row in rows),
        legend=(
            LegendItem("f-accent", _("Actual")),
            LegendItem("f-mute", _("Forecast")),
            LegendItem("f-text", _("Budget"), shape="mark"),
        ),
        table=Table(
            (_("Phase"), _("Budget"), _("Actual"), _("Forecast"), _("Difference")),
            tuple((row.title, row.budget, row.actual, row.forecast, row.difference) for row in rows),
        ),
    )


def gap_chart(board: Board) -> Chart:
    """How the answers moved from assessment to assessment."""
    return stacked_bars(
        [
            StackedRow(
                board_words.short_day(each.day),
                (each.conforms, each.minor, each.major, each.other),
            )
            for each in board.assessments
        ],
        board_rows.gap_series(),
        title=_("Answers after each assessment"),
        label=_("Assessment"),
    )
