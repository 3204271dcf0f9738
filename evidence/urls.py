"""Addresses of evidence. Fixed names come before keys, which begin with E- or Q-."""

from django.urls import path

from evidence.views import (
    add,
    arrivals,
    disposal,
    hold,
    items,
    period,
    previews,
    records,
    register,
    requests,
    rules,
    uploads,
    wrong,
)

EVIDENCE = "projects/<slug:slug>/evidence/"
ITEM = f"{EVIDENCE}<str:key>/"
REQUESTS = f"{EVIDENCE}requests/"

urlpatterns = [
    path(EVIDENCE, register.register, name="evidence"),
    path(f"{EVIDENCE}export/", register.export, name="evidence_export"),
    path(f"{EVIDENCE}export/job/", register.export_in_background, name="evidence_export_job"),
    path(f"{EVIDENCE}link/", register.link, name="evidence_link"),
    path(f"{EVIDENCE}wrong/", wrong.wrong, name="evidence_wrong"),
    path(f"{EVIDENCE}period/", period.period, name="evidence_period"),
    path(f"{EVIDENCE}records/", records.records, name="evidence_records"),
    path(f"{EVIDENCE}records/export/", records.export, name="evidence_records_export"),
    path(f"{EVIDENCE}new/", add.new, name="evidence_new"),
    path(f"{EVIDENCE}uploads/", uploads.begin, name="evidence_upload_begin"),
    path(f"{EVIDENCE}uploads/<uuid:uuid>/", uploads.piece, name="evidence_upload"),
    path(f"{EVIDENCE}uploads/<uuid:uuid>/done/", uploads.done, name="evidence_upload_done"),
    path(f"{EVIDENCE}uploads/<uuid:uuid>/check/", arrivals.arrival, name="evidence_arrival"),
    path(f"{EVIDENCE}uploads/<uuid:uuid>/cancel/", uploads.cancel, name="evidence_upload_cancel"),
    path(f"{EVIDENCE}rules/", rules.rules, name="evidence_rules"),
    path(f"{EVIDENCE}disposal/", disposal.disposal, name="evidence_disposal"),
    path(f"{EVIDENCE}disposal/holds/", disposal.holds, name="evidence_holds"),
    path(f"{EVIDENCE}disposal/confirm/", disposal.confirm, name="evidence_disposal_confirm"),
    path(f"{EVIDENCE}disposal/record/", disposal.disposals, name="evidence_disposals"),
    path(f"{EVIDENCE}disposal/record/export/", disposal.export, name="evidence_disposals_export"),
    path(REQUESTS, requests.requests, name="evidence_requests"),
    path(f"{REQUESTS}new/", requests.ask, name="evidence_ask"),
    path(f"{REQUESTS}<str:key>/", requests.request_page, name="evidence_request"),
    path(f"{REQUESTS}<str:key>/give/", requests.give, name="evidence_request_give"),
    path(f"{REQUESTS}<str:key>/settle/", requests.settle, name="evidence_request_settle"),
    path(ITEM, items.item, name="evidence_item"),
    path(f"{ITEM}change/", items.change, name="evidence_change"),
    path(f"{ITEM}revise/", items.revise, name="evidence_revise"),
    path(f"{ITEM}withdraw/", items.withdraw, name="evidence_withdraw"),
    path(f"{ITEM}hold/", hold.hold, name="evidence_hold"),
    path(f"{ITEM}prove/", items.prove, name="evidence_prove"),
    path(f"{ITEM}unprove/", items.unprove, name="evidence_unprove"),
    path(f"{ITEM}file/<int:number>/", items.file, name="evidence_file"),
    path(f"{ITEM}preview/<int:number>/", previews.preview, name="evidence_preview"),
    path(f"{ITEM}preview/<int:number>/<int:page>/", previews.preview_page, name="evidence_preview_page"),
]
