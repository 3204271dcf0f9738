"""Addresses of requests of auditors and the register of findings."""

from django.urls import URLPattern, path

from audits.views import finding, finding_origins, finding_steps, findings, requests

AUDITS = "projects/<slug:slug>/audits"
REQUESTS = f"{AUDITS}/requests"
FINDINGS = f"{AUDITS}/findings"
STEP = f"{FINDINGS}/<str:ref>/actions/<int:number>"

urlpatterns: list[URLPattern] = [
    path(f"{REQUESTS}/", requests.listing, name="audit_requests"),
    path(f"{REQUESTS}/export/", requests.export, name="audit_requests_export"),
    path(f"{REQUESTS}/new/", requests.new, name="audit_request_new"),
    path(f"{REQUESTS}/<str:ref>/", requests.page, name="audit_request"),
    path(f"{REQUESTS}/<str:ref>/change/", requests.change, name="audit_request_change"),
    path(f"{REQUESTS}/<str:ref>/give/", requests.give, name="audit_request_give"),
    path(f"{REQUESTS}/<str:ref>/settle/", requests.settle, name="audit_request_settle"),
    path(f"{REQUESTS}/<str:ref>/say/", requests.say, name="audit_request_say"),
    path(f"{FINDINGS}/", findings.register, name="findings"),
    path(f"{FINDINGS}/export/", findings.export, name="findings_export"),
    path(f"{FINDINGS}/new/", findings.new, name="finding_new"),
    path(f"{FINDINGS}/take-over/", finding_origins.take_over, name="findings_take_over"),
    path(f"{FINDINGS}/<str:ref>/", finding.page, name="finding"),
    path(f"{FINDINGS}/<str:ref>/describe/", finding.describe, name="finding_describe"),
    path(f"{FINDINGS}/<str:ref>/treat/", finding.treat, name="finding_treat"),
    path(f"{FINDINGS}/<str:ref>/grade/", finding.grade, name="finding_grade"),
    path(f"{FINDINGS}/<str:ref>/withdraw/", finding.withdraw, name="finding_withdraw"),
    path(f"{FINDINGS}/<str:ref>/ready/", finding.ready, name="finding_ready"),
    path(f"{FINDINGS}/<str:ref>/check/", finding.check, name="finding_check"),
    path(f"{FINDINGS}/<str:ref>/close/", finding.close, name="finding_close"),
    path(f"{FINDINGS}/<str:ref>/take-up/", finding.take_up, name="finding_take_up"),
    path(f"{FINDINGS}/<str:ref>/link/", finding.link, name="finding_link"),
    path(f"{FINDINGS}/<str:ref>/unlink/", finding.unlink, name="finding_unlink"),
    path(f"{FINDINGS}/<str:ref>/improve/", finding_origins.improve, name="finding_improve"),
    path(f"{FINDINGS}/<str:ref>/say/", finding.say, name="finding_say"),
    path(f"{FINDINGS}/<str:ref>/actions/add/", finding_steps.add, name="finding_step_add"),
    path(f"{STEP}/change/", finding_steps.change, name="finding_step_change"),
    path(f"{STEP}/finish/", finding_steps.finish, name="finding_step_finish"),
    path(f"{STEP}/drop/", finding_steps.drop, name="finding_step_drop"),
    path(f"{STEP}/take-up/", finding_steps.take_up, name="finding_step_take_up"),
]
