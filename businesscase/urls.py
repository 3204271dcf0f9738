"""Addresses of the business case and the risk register. Fixed names come before keys."""

from django.urls import URLPattern, path

from businesscase.choices import CaseKind
from businesscase.views import points, risk, risk_new, risk_talk, risks

CASE = "projects/<slug:slug>/business-case/"
SMALL = f"{CASE}gap-analysis/"
RISKS = "projects/<slug:slug>/risks/"
BIG_CASE = {"kind": CaseKind.IMPLEMENTATION.value}
SMALL_CASE = {"kind": CaseKind.GAP.value}

urlpatterns: list[URLPattern] = [
    path(f"{CASE}start/", points.start, BIG_CASE, name="case_start"),
    path(f"{CASE}points/", points.points, BIG_CASE, name="case_points"),
    path(f"{SMALL}start/", points.start, SMALL_CASE, name="small_start"),
    path(SMALL, points.points, SMALL_CASE, name="small_case"),
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
