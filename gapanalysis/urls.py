"""Addresses of the gap analysis. Fixed names come before keys; `RESERVED_KEYS` in the selectors keeps keys off them."""

from django.urls import path

from gapanalysis.views import (
    answer_proof,
    answer_talk,
    answering,
    assessments,
    assessors,
    challenges,
    compare,
    overview,
    proposals,
    report,
    results,
    targets,
    workbook,
)

GAP = "projects/<slug:slug>/gap/"
ONE = f"{GAP}<slug:key>/"

urlpatterns = [
    path(GAP, assessments.assessments, name="gap"),
    path(f"{GAP}new/", assessments.start, name="gap_new"),
    path(f"{GAP}targets/", targets.targets, name="gap_targets"),
    path(f"{GAP}challenges/", challenges.challenges, name="gap_challenges"),
    path(f"{GAP}compare/", compare.compare, name="gap_compare"),
    path(f"{GAP}compare/export/", compare.compare_export, name="gap_compare_export"),
    path(f"{ONE}results/", results.results, name="gap_results"),
    path(f"{ONE}results/print/", results.results_print, name="gap_results_print"),
    path(f"{ONE}results/pdf/", report.make_pdf, name="gap_results_pdf"),
    path(f"{ONE}results/export/", results.results_export, name="gap_results_export"),
    path(ONE, overview.overview, name="gap_assessment"),
    path(f"{ONE}proposals/", proposals.proposals, name="gap_proposals"),
    path(f"{ONE}state/", overview.state, name="gap_state"),
    path(f"{ONE}change/", overview.change, name="gap_change"),
    path(f"{ONE}assessors/", assessors.assessors, name="gap_assessors"),
    path(f"{ONE}workbook/", workbook.download, name="gap_workbook"),
    path(f"{ONE}import/", workbook.answers_import, name="gap_import"),
    path(f"{ONE}import/<uuid:uuid>/", workbook.preview, name="gap_import_preview"),
    path(f"{ONE}answer/", answering.first, name="gap_answer_first"),
    path(f"{ONE}answer/<str:ref>/", answering.question, name="gap_answer"),
    path(f"{ONE}answer/<str:ref>/here/", answering.here, name="gap_answer_here"),
    path(f"{ONE}answer/<str:ref>/comments/", answer_talk.comment, name="gap_answer_comment"),
    path(f"{ONE}answer/<str:ref>/comments/read/", answer_talk.read, name="gap_answer_comments_read"),
    path(f"{ONE}answer/<str:ref>/comments/<int:pk>/", answer_talk.said, name="gap_answer_said"),
    path(f"{ONE}answer/<str:ref>/proof/", answer_proof.proof, name="gap_answer_proof"),
    path(f"{ONE}answer/<str:ref>/proof/add/", answer_proof.add, name="gap_answer_proof_add"),
    path(f"{ONE}answer/<str:ref>/proof/remove/", answer_proof.remove, name="gap_answer_proof_remove"),
    path(f"{ONE}answer/<str:ref>/proof/pin/", answer_proof.pin, name="gap_answer_pin"),
    path(f"{ONE}confirm/", answering.confirm, name="gap_confirm"),
]
