"""Addresses of the committee and its meetings. Fixed names come before refs."""

from django.urls import URLPattern, path

from governance.views import committee, meeting, meetings

COMMITTEE = "projects/<slug:slug>/governance/committee/"
MEETINGS = "projects/<slug:slug>/governance/meetings/"
MEETING = f"{MEETINGS}<str:ref>/"

urlpatterns: list[URLPattern] = [
    path(COMMITTEE, committee.page, name="committee"),
    path(f"{COMMITTEE}new/", committee.new, name="committee_new"),
    path(f"{COMMITTEE}join/", committee.join, name="committee_join"),
    path(f"{COMMITTEE}terms/", committee.terms, name="committee_terms"),
    path(f"{COMMITTEE}successor/", committee.successor, name="committee_successor"),
    path(f"{COMMITTEE}seats/", committee.seats, name="committee_seats"),
    path(MEETINGS, meetings.listing, name="meetings"),
    path(f"{MEETINGS}new/", meetings.new, name="meeting_new"),
    path(MEETING, meeting.page, name="meeting"),
    path(f"{MEETING}edit/", meetings.edit, name="meeting_edit"),
    path(f"{MEETING}cancel/", meeting.cancel, name="meeting_cancel"),
    path(f"{MEETING}people/", meeting.people, name="meeting_people"),
    path(f"{MEETING}attendance/", meeting.attendance, name="meeting_attendance"),
    path(f"{MEETING}minutes/", meeting.minutes, name="meeting_minutes"),
    path(f"{MEETING}approve/", meeting.approve, name="meeting_approve"),
    path(f"{MEETING}action/", meeting.action, name="meeting_action"),
    path(f"{MEETING}decision/", meeting.decision, name="meeting_decision"),
    path(f"{MEETING}pack/", meeting.pack, name="meeting_pack"),
    path(f"{MEETING}calendar/", meeting.calendar, name="meeting_calendar"),
    path(f"{MEETING}paper/", meeting.paper, name="meeting_paper"),
]
