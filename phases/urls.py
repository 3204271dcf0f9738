"""Addresses of the catalogue, the wizard and the plan."""

from django.urls import path

from phases.views import (
    activity,
    board,
    catalogue,
    catalogue_compare,
    catalogue_move,
    catalogue_pages,
    dashboard,
    home,
    overlay,
    plan,
    role_map,
    rows,
    search,
    supplement,
    wizard,
)

PROJECT = "projects/<slug:slug>/"
WORDING = "organizations/<slug:slug>/wording/"
VERSION = "catalogues/<slug:pack>/<str:version>/"

urlpatterns = [
    path("", home.home, name="home"),
    path("projects/new/", wizard.start, name="wizard"),
    path("projects/new/<slug:step>/", wizard.step, name="wizard_step"),
    path("catalogues/", catalogue.catalogues, name="catalogues"),
    path("catalogues/compare/", catalogue_compare.compare, name="catalogue_compare"),
    path(VERSION, catalogue.version, name="catalogue"),
    path(f"{VERSION}activities/<str:ref>/", catalogue.activity, name="catalogue_activity"),
    path(f"{VERSION}components/", catalogue_pages.components, name="catalogue_components"),
    path(f"{VERSION}components/<str:code>/", catalogue_pages.component, name="catalogue_component"),
    path(f"{VERSION}phases/", catalogue_pages.phases, name="catalogue_phases"),
    path(f"{VERSION}phases/<int:number>/", catalogue_pages.phase, name="catalogue_phase"),
    path(f"{VERSION}clauses/", catalogue_pages.clauses, name="catalogue_clauses"),
    path(f"{VERSION}roles/", catalogue_pages.roles, name="catalogue_roles"),
    path(f"{VERSION}roles/<slug:role>/", catalogue_pages.role, name="catalogue_role"),
    path(f"{VERSION}natures/", catalogue_pages.natures, name="catalogue_natures"),
    path(f"{VERSION}initiation/", catalogue_pages.initiation, name="catalogue_initiation"),
    path(f"{VERSION}outcomes/", catalogue_pages.outcomes, name="catalogue_outcomes"),
    path(f"{VERSION}print/", catalogue_compare.print_version, name="catalogue_print"),
    path(WORDING, overlay.wording, name="wording"),
    path(f"{WORDING}previews/<uuid:uuid>/", overlay.preview, name="wording_preview"),
    path(f"{WORDING}<slug:pack>/remove/", overlay.remove, name="wording_remove"),
    path(PROJECT, dashboard.dashboard, name="dashboard"),
    path(f"{PROJECT}phases/<int:number>/", board.board, name="board"),
    path(f"{PROJECT}phases/<int:number>/export/", board.export, name="board_export"),
    path(f"{PROJECT}phases/<int:number>/bulk/", rows.bulk, name="board_bulk"),
    path(f"{PROJECT}phases/<int:number>/state/", board.state, name="phase_state"),
    path(f"{PROJECT}rows/<int:pk>/", rows.row, name="row"),
    path(f"{PROJECT}rows/<int:pk>/status/", rows.status, name="row_status"),
    path(f"{PROJECT}rows/<int:pk>/party/", rows.party, name="row_party"),
    path(f"{PROJECT}rows/<int:pk>/due/", rows.due, name="row_due"),
    path(f"{PROJECT}rows/<int:pk>/note/", rows.note, name="row_note"),
    path(f"{PROJECT}activities/<path:ref>/comments/", activity.comment, name="activity_comment"),
    path(f"{PROJECT}activities/<path:ref>/", activity.activity, name="activity"),
    path(f"{PROJECT}plan/", plan.plan, name="plan"),
    path(f"{PROJECT}role-map/", role_map.role_map, name="role_map"),
    path(f"{PROJECT}catalogue/", catalogue_move.move, name="project_catalogue"),
    path(f"{PROJECT}search/", search.search, name="search"),
    path(f"{PROJECT}supplement/", supplement.supplement, name="supplement"),
    path(f"{PROJECT}export/", dashboard.export_plan, name="plan_export"),
]
