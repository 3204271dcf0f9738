"""Addresses of what became of the money of a case: actual costs, outlook, benefits."""

from django.urls import URLPattern, path

from businesscase.choices import CaseKind
from businesscase.views import actual_import, actuals, benefits, outlook

CASE = "projects/<slug:slug>/business-case/"
SMALL = f"{CASE}gap-analysis/"
OF_SMALL = {"kind": str(CaseKind.GAP)}

urlpatterns: list[URLPattern] = [
    path(f"{CASE}actuals/", actuals.actuals, name="case_actuals"),
    path(f"{CASE}actuals/until/", actuals.until, name="case_actuals_until"),
    path(f"{CASE}actuals/export/", actuals.export, name="case_actuals_export"),
    path(f"{CASE}actuals/import/", actual_import.costs_import, name="case_actuals_import"),
    path(f"{CASE}actuals/import/template/", actual_import.template, name="case_actuals_template"),
    path(f"{CASE}actuals/import/<uuid:uuid>/", actual_import.preview, name="case_actuals_preview"),
    path(f"{CASE}actuals/<int:number>/remove/", actuals.remove, name="case_actual_remove"),
    path(f"{CASE}outlook/", outlook.outlook, name="case_variance"),
    path(f"{CASE}outlook/<int:phase>/", outlook.phase_outlook, name="case_outlook"),
    path(f"{CASE}benefits/", benefits.benefits, name="case_benefits"),
    path(f"{CASE}benefits/<str:ref>/", benefits.benefit, name="case_benefit"),
    path(f"{SMALL}actuals/", actuals.actuals, OF_SMALL, name="small_actuals"),
    path(f"{SMALL}actuals/until/", actuals.until, OF_SMALL, name="small_actuals_until"),
    path(f"{SMALL}actuals/export/", actuals.export, OF_SMALL, name="small_actuals_export"),
    path(f"{SMALL}actuals/import/", actual_import.costs_import, OF_SMALL, name="small_actuals_import"),
    path(f"{SMALL}actuals/import/template/", actual_import.template, OF_SMALL, name="small_actuals_template"),
    path(f"{SMALL}actuals/import/<uuid:uuid>/", actual_import.preview, OF_SMALL, name="small_actuals_preview"),
    path(f"{SMALL}actuals/<int:number>/remove/", actuals.remove, OF_SMALL, name="small_actual_remove"),
    path(f"{SMALL}outlook/", outlook.outlook, OF_SMALL, name="small_variance"),
    path(f"{SMALL}outlook/<int:phase>/", outlook.phase_outlook, OF_SMALL, name="small_outlook"),
]
