"""The gallery: each part of a page once, with its error, empty and refused forms. For development, not linked."""

from datetime import date
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from common import charts


class SampleForm(forms.Form):
    """Fields of every kind that pages use; its rules refuse what the gallery sends, so that errors show."""

    owner = forms.ChoiceField(label="Responsible party", choices=[("", "Nobody yet"), ("mo", "M. O., change manager")])
    due = forms.DateField(
        label="Due date",
        widget=forms.TextInput,
        error_messages={"invalid": "There is no 31 February. The phase ends on 26 Feb 2027."},
    )
    reason = forms.CharField(
        label="Reason for “blocked”",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What is missing, and from whom.",
        error_messages={"required": "Say in a line what is missing and from whom."},
    )
    note = forms.CharField(label="Note", required=False)
    edition = forms.ChoiceField(
        label="Edition", choices=[("2018", "2018, in force"), ("2011", "2011, superseded")], widget=forms.RadioSelect
    )
    tell = forms.BooleanField(label="Tell the project manager", required=False)


def _charts() -> dict[str, Any]:
    series = [
        charts.Series("Done", "mid"),
        charts.Series("On time", "mute"),
        charts.Series("Due within 14 days", "warn"),
        charts.Series("Overdue", "bad"),
    ]
    heat_values = [(14, 14), (13, 14), (9, 14), (6, 14), (2, 14), (0, 14), (0, 0)]
    return {
        "progress_chart": charts.phase_progress(
            [
                charts.PhaseProgress("0 Initiation", 8, 0, 8, note="closed"),
                charts.PhaseProgress("1 React", 70, 2, 76, note="closed"),
                charts.PhaseProgress("2 Anticipate", 38, 33, 168, plan=82, note="active"),
                charts.PhaseProgress("3 Integrate", 0, 9, 223, plan=0, note="planned"),
            ],
            title="Progress per phase: phase 2 is 11 behind plan",
        ),
        "stacked_chart": charts.stacked_bars(
            [
                charts.StackedRow("Project office", (14, 6, 2, 1), "group", flag="1 late", url="#office"),
                charts.StackedRow("Change manager", (6, 6, 2, 2), "person", flag="2 late", url="#change"),
                charts.StackedRow("Łukasz Ćwikła", (9, 1, 0, 0), "person", url="#lc"),
                charts.StackedRow("Unassigned", (0, 6, 1, 0), "nobody", url="#nobody"),
            ],
            series,
            title="Workload by responsible party",
            label="Party",
        ),
        "empty_chart": charts.phase_progress(
            [charts.PhaseProgress("4 Operation", 0, 0, 0)], title="Nothing to do in phase 4 yet"
        ),
        "burn_up": charts.burn_up(
            charts.BurnUp(
                title="Burn-up of phase 2: 11 behind plan, forecast two weeks after the gate",
                description="Actual 71 on 19 November against a plan of 82.",
                total=168,
                start=date(2026, 8, 31),
                end=date(2027, 4, 20),
                actual=tuple(
                    (date(2026, month, day), value)
                    for month, day, value in [
                        (8, 31, 0),
                        (9, 14, 9),
                        (9, 28, 19),
                        (10, 12, 31),
                        (10, 26, 46),
                        (11, 9, 61),
                        (11, 19, 71),
                    ]
                ),
                plan=((date(2026, 8, 31), 0), (date(2026, 11, 19), 82), (date(2027, 2, 26), 168)),
                today=date(2026, 11, 19),
                gate=(date(2027, 2, 26), "Gate 2"),
                forecast=charts.Forecast(best=date(2027, 2, 24), likely=date(2027, 3, 12), worst=date(2027, 4, 1)),
            )
        ),
        "dumbbell": charts.dumbbell(41, 64, target=70, label="Change management"),
        "heat": charts.HeatMap(
            title="Progress by component and phase",
            corner="Component",
            columns=tuple(charts.HeatColumn(str(step)) for step in range(1, 8)),
            rows=(
                charts.HeatRow(
                    "Change management",
                    tuple(
                        charts.HeatCell(
                            part, total, f"{part} of {total}", "#heat", mark="behind plan" if part == 6 else ""
                        )
                        for part, total in heat_values
                    ),
                ),
                charts.HeatRow(
                    "All components",
                    tuple(charts.HeatCell(part, total, f"{part} of {total}") for part, total in heat_values),
                    is_total=True,
                ),
            ),
        ),
    }


STATUSES = [
    {"value": "not_started", "shape": "st-not-started", "word": "Not started", "tone": ""},
    {"value": "in_progress", "shape": "st-in-progress", "word": "In progress", "tone": "accent", "current": True},
    {"value": "done", "shape": "st-done", "word": "Done", "tone": "good"},
    {
        "value": "verified",
        "shape": "st-verified",
        "word": "Verified",
        "tone": "ok",
        "why": "needs somebody else",
    },
    {"value": "blocked", "shape": "st-blocked", "word": "Blocked", "tone": "bad"},
    {"value": "not_applicable", "shape": "st-not-applicable", "word": "Not applicable", "tone": "faint"},
]


def gallery(request: HttpRequest) -> HttpResponse:
    """All parts on one page. A POST shows the sample form refused or accepted, and writes nothing."""
    refused = SampleForm(
        request.POST
        if request.method == "POST"
        else {"owner": "mo", "due": "31 Feb 2027", "reason": "", "edition": "2018", "tell": "on"}
    )
    refused.is_valid()
    return render(
        request,
        "common/gallery.html",
        {
            "form": refused,
            "fresh": SampleForm(auto_id="fresh_%s", initial={"edition": "2018"}),
            "statuses": STATUSES,
            "late": date(2026, 11, 6),
            "soon": date(2026, 11, 25),
            "far": date(2027, 1, 22),
            "tabs": [
                {"label": "All", "url": "#tabs", "count": 172, "current": True},
                {"label": "Overdue", "url": "#tabs", "count": 14},
                {"label": "Unassigned", "url": "#tabs", "count": 7},
            ],
            "columns": [
                {"label": "Document", "url": "#sort", "sorted": "ascending"},
                {"label": "Version", "numeric": True},
                {"label": "State"},
                {"label": "Review due", "numeric": True},
            ],
            "rows": [
                {"cells": ["Change management procedure", "1.3", "Approved", "12 Mar 2027"], "url": "#1"},
                {"cells": ["Configuration item types", "0.4", "Draft", "–"], "url": "#2"},
                {"cells": ["Service management policy", "2.0", "Approved", "2 Nov 2027"], "url": "#3"},
            ],
            "page_obj": Paginator(range(460), 25).page(7),
            "pairs": [
                {"label": "Due date", "current": "22 Jan 2027", "sent": "8 Jan 2027"},
                {"label": "Note", "current": "The supplier answers by Friday.", "sent": "Waits for the supplier."},
            ],
            **_charts(),
        },
    )
