"""Addresses of the clause view and auditors from outside."""

from django.urls import path

from audits.views import clauses

CLAUSES = "projects/<slug:slug>/clauses/"

urlpatterns = [
    path(CLAUSES, clauses.clauses, name="clauses"),
    path(f"{CLAUSES}export/", clauses.clauses_export, name="clauses_export"),
    path(f"{CLAUSES}<str:edition>/<str:number>/", clauses.clause, name="clause"),
    path(f"{CLAUSES}<str:edition>/<str:number>/export/", clauses.clause_export, name="clause_export"),
]
