"""Addresses of the business case and the risk register. Fixed names come before keys."""

from django.urls import URLPattern, path

from businesscase import urls_money
from businesscase.choices import CaseKind
from businesscase.views import (
    analysis,
    case_settings,
    deciding,
    figures,
    lines,
    overview,
    paper,
    point,
    points,
    release,
    risk,
    risk_new,
    risk_talk,
    risks,
    submit,
    versions,
    workbook,
)

CASE = "projects/<slug:slug>/business-case/"
SMALL = f"{CASE}gap-analysis/"
RISKS = "projects/<slug:slug>/risks/"
BIG_CASE = {"kind": CaseKind.IMPLEMENTATION.value}
SMALL_CASE = {"kind": CaseKind.GAP.value}

urlpatterns: list[URLPattern] = [
    path(CASE, overview.overview, name="case"),
    path(f"{CASE}start/", points.start, BIG_CASE, name="case_start"),
    path(f"{CASE}figures/<slug:name>/", figures.figure, name="case_figure"),
    path(f"{CASE}services/", figures.services, name="case_services"),
    path(f"{CASE}analysis/", analysis.analysis, name="case_analysis"),
    path(f"{CASE}analysis/runs/", analysis.run, name="case_runs"),
    path(f"{CASE}points/", points.points, BIG_CASE, name="case_points"),
    path(f"{CASE}points/<str:point>/", point.point, BIG_CASE, name="case_point"),
    path(f"{CASE}lines/<slug:line>/new/", lines.new, BIG_CASE, name="case_line_new"),
    path(f"{CASE}lines/<slug:line>/<str:ref>/", lines.one, BIG_CASE, name="case_line"),
    path(f"{CASE}settings/", case_settings.settings, BIG_CASE, name="case_settings"),
    path(f"{SMALL}points/<str:point>/", point.point, SMALL_CASE, name="small_point"),
    path(f"{SMALL}lines/<slug:line>/new/", lines.new, SMALL_CASE, name="small_line_new"),
    path(f"{SMALL}lines/<slug:line>/<str:ref>/", lines.one, SMALL_CASE, name="small_line"),
    path(f"{SMALL}settings/", case_settings.settings, SMALL_CASE, name="small_settings"),
    path(f"{CASE}print/", paper.printed, BIG_CASE, name="case_print"),
    path(f"{CASE}pdf/", paper.make_pdf, BIG_CASE, name="case_pdf"),
    path(f"{SMALL}print/", paper.printed, SMALL_CASE, name="small_print"),
    path(f"{SMALL}pdf/", paper.make_pdf, SMALL_CASE, name="small_pdf"),
    path(f"{SMALL}start/", points.start, SMALL_CASE, name="small_start"),
    path(SMALL, points.points, SMALL_CASE, name="small_case"),
    *urls_money.urlpatterns,
]
urlpatterns += [
    path(RISKS, risks.risks, name="risks"),
    path(f"{RISKS}export/", risks.export, name="risks_export"),
    path(f"{RISKS}new/", risk_new.new, name="risk_new"),
    path(f"{RISKS}typical/", risk_new.typical, name="risks_typical"),
    path(f"{RISKS}<str:ref>/", risk.risk, name="risk"),
    path(f"{RISKS}<str:ref>/change/", risk.change, name="risk_change"),
    path(f"{RISKS}<str:ref>/review/", risk.review, name="risk_review"),
    path(f"{RISKS}<str:ref>/settle/", risk.settle, name="risk_settle"),
    path(f"{RISKS}<str:ref>/costs/", risk.into_costs, name="risk_costs"),
    path(f"{RISKS}<str:ref>/comments/", risk_talk.comment, name="risk_comment"),
    path(f"{RISKS}<str:ref>/comments/read/", risk_talk.read, name="risk_comments_read"),
    path(f"{RISKS}<str:ref>/comments/<int:pk>/", risk_talk.said, name="risk_said"),
]

for kind, prefix, base in ((BIG_CASE, "case", CASE), (SMALL_CASE, "small", SMALL)):
    urlpatterns += [
        path(f"{base}submit/", submit.submit, kind, name=f"{prefix}_submit"),
        path(f"{base}release/", release.release, kind, name=f"{prefix}_release"),
        path(f"{base}versions/", versions.versions, kind, name=f"{prefix}_versions"),
        path(f"{base}versions/<int:number>/", versions.version, kind, name=f"{prefix}_version"),
        path(f"{base}versions/<int:number>/compare/", versions.compare, kind, name=f"{prefix}_compare"),
        path(f"{base}versions/<int:number>/decide/", deciding.decide, kind, name=f"{prefix}_decide"),
        path(f"{base}versions/<int:number>/withdraw/", deciding.withdraw, kind, name=f"{prefix}_withdraw"),
        path(f"{base}versions/<int:number>/approver/", deciding.replace, kind, name=f"{prefix}_replace"),
        path(
            f"{base}versions/<int:number>/conditions/<int:pk>/",
            deciding.condition,
            kind,
            name=f"{prefix}_condition",
        ),
    ]
urlpatterns += [
    path(f"{CASE}workbook/", workbook.workbook, BIG_CASE, name="case_workbook"),
    path(f"{SMALL}workbook/", workbook.workbook, SMALL_CASE, name="small_workbook"),
]
