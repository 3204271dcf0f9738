"""Addresses of the way to the certificate, the yearly round, and new and changed services."""

from django.urls import URLPattern, path

from audits.views import certification, cycle, external_audits, service_changes

AUDITS = "projects/<slug:slug>/audits"
WAY = f"{AUDITS}/certification"
CYCLE = f"{AUDITS}/calendar"
SERVICES = f"{AUDITS}/services"

urlpatterns: list[URLPattern] = [
    path(f"{WAY}/", certification.page, name="certification"),
    path(f"{WAY}/way/", certification.way, name="certification_way"),
    path(f"{WAY}/plan/", certification.plan, name="certification_plan"),
    path(f"{WAY}/statement/", certification.statement, name="certification_statement"),
    path(f"{WAY}/bodies/new/", certification.body_new, name="certification_body_new"),
    path(f"{WAY}/bodies/<int:pk>/", certification.body_change, name="certification_body"),
    path(f"{WAY}/bodies/<int:pk>/settle/", certification.body_settle, name="certification_body_settle"),
    path(f"{WAY}/audits/new/", external_audits.new, name="external_audit_new"),
    path(f"{WAY}/audits/<str:ref>/", external_audits.page, name="external_audit"),
    path(f"{WAY}/audits/<str:ref>/change/", external_audits.change, name="external_audit_change"),
    path(f"{WAY}/audits/<str:ref>/hold/", external_audits.hold, name="external_audit_hold"),
    path(f"{WAY}/audits/<str:ref>/cancel/", external_audits.cancel, name="external_audit_cancel"),
    path(f"{WAY}/audits/<str:ref>/finding/", external_audits.finding, name="external_audit_finding"),
    path(f"{CYCLE}/", cycle.calendar, name="cycle"),
    path(f"{CYCLE}/export/", cycle.export, name="cycle_export"),
    path(f"{CYCLE}/seed/", cycle.seed, name="cycle_seed"),
    path(f"{CYCLE}/new/", cycle.new, name="cycle_new"),
    path(f"{CYCLE}/<int:pk>/", cycle.page, name="cycle_entry"),
    path(f"{CYCLE}/<int:pk>/change/", cycle.change, name="cycle_change"),
    path(f"{CYCLE}/<int:pk>/done/", cycle.done, name="cycle_done"),
    path(f"{SERVICES}/", service_changes.register, name="service_changes"),
    path(f"{SERVICES}/export/", service_changes.export, name="service_changes_export"),
    path(f"{SERVICES}/new/", service_changes.new, name="service_change_new"),
    path(f"{SERVICES}/<str:ref>/", service_changes.page, name="service_change"),
    path(f"{SERVICES}/<str:ref>/change/", service_changes.change, name="service_change_change"),
    path(f"{SERVICES}/<str:ref>/steps/<str:key>/", service_changes.step, name="service_change_step"),
    path(f"{SERVICES}/<str:ref>/settle/", service_changes.settle, name="service_change_settle"),
    path(f"{SERVICES}/<str:ref>/case/", service_changes.case, name="service_change_case"),
]
