"""Addresses of the catalogue, the wizard and the plan."""

from django.urls import path

from phases.views import activity, board, catalogue, dashboard, home, role_map, rows, search, wizard

PROJECT = "projects/<slug:slug>/"
VERSION = "catalogues/<slug:pack>/<str:version>/"

urlpatterns = [
    path("", home.home, name="home"),
    path("projects/new/", wizard.start, name="wizard"),
    path("projects/new/<slug:step>/", wizard.step, name="wizard_step"),
    path("catalogues/", catalogue.catalogues, name="catalogues"),
    path(VERSION, catalogue.version, name="catalogue"),
    path(f"{VERSION}activities/<str:ref>/", catalogue.activity, name="catalogue_activity"),
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
    path(f"{PROJECT}role-map/", role_map.role_map, name="role_map"),
    path(f"{PROJECT}search/", search.search, name="search"),
    path(f"{PROJECT}export/", dashboard.export_plan, name="plan_export"),
]
