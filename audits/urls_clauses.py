"""Addresses of the clause view and auditors from outside."""

from django.urls import path

from audits.views import clauses, visitors

CLAUSES = "projects/<slug:slug>/clauses/"
VISITORS = "projects/<slug:slug>/audits/visitors/"

urlpatterns = [
    path(CLAUSES, clauses.clauses, name="clauses"),
    path(f"{CLAUSES}export/", clauses.clauses_export, name="clauses_export"),
    path(f"{CLAUSES}<str:edition>/<str:number>/", clauses.clause, name="clause"),
    path(f"{CLAUSES}<str:edition>/<str:number>/export/", clauses.clause_export, name="clause_export"),
    path(VISITORS, visitors.visitors, name="visitors"),
    path(f"{VISITORS}export/", visitors.visitors_export, name="visitors_export"),
    path(f"{VISITORS}invite/", visitors.visitor_invite, name="visitor_invite"),
    path(f"{VISITORS}<int:pk>/end/", visitors.visitor_end, name="visitor_end"),
    path(f"{VISITORS}<int:pk>/revoke/", visitors.visitor_revoke, name="visitor_revoke"),
]
