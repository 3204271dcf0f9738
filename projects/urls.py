"""Addresses of people and projects."""

from django.urls import path

from projects.views import calendar, invitations, settings, team, trail

PROJECT = "projects/<slug:slug>/"
CALENDAR = "organizations/<slug:slug>/calendar/"

urlpatterns = [
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path(CALENDAR, calendar.calendar, name="calendar"),
    path(f"{CALENDAR}public/", calendar.propose, name="calendar_propose"),
    path(f"{PROJECT}team/", team.team, name="team"),
    path(f"{PROJECT}team/invite/", team.invite, name="team_invite"),
    path(f"{PROJECT}team/invitations/<int:pk>/revoke/", team.revoke, name="team_revoke"),
    path(f"{PROJECT}team/members/grant/", team.grant, name="team_grant"),
    path(f"{PROJECT}team/members/<int:pk>/end/", team.end, name="team_end"),
    path(f"{PROJECT}team/parties/new/", team.new_party, name="party_new"),
    path(f"{PROJECT}team/parties/<uuid:uuid>/", team.party, name="party"),
    path(f"{PROJECT}settings/", settings.settings, name="project_settings"),
    path(f"{PROJECT}trail/", trail.trail, name="trail"),
    path(f"{PROJECT}trail/export/", trail.export, name="trail_export"),
]
