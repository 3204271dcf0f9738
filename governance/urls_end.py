"""Addresses of lessons, outcomes and the end of a phase."""

from django.urls import path

from governance.views import lesson, lessons, outcomes, phase_path

urlpatterns = [
    path("projects/<slug:slug>/governance/lessons/", lessons.listing, name="lessons"),
    path("projects/<slug:slug>/governance/lessons/new/", lessons.new, name="lesson_new"),
    path("projects/<slug:slug>/governance/lessons/export/", lessons.export, name="lessons_export"),
    path("projects/<slug:slug>/governance/lessons/<str:ref>/", lesson.lesson, name="lesson"),
    path("projects/<slug:slug>/governance/lessons/<str:ref>/settle/", lesson.settle, name="lesson_settle"),
    path("projects/<slug:slug>/governance/lessons/<str:ref>/activity/", lesson.activity, name="lesson_activity"),
    path("projects/<slug:slug>/governance/lessons/<str:ref>/action/", lesson.action, name="lesson_action"),
    path("projects/<slug:slug>/governance/outcomes/<int:phase>/", outcomes.outcomes, name="outcomes"),
    path("projects/<slug:slug>/governance/outcomes/<int:phase>/confirm/", outcomes.confirm, name="outcome_confirm"),
    path("projects/<slug:slug>/governance/phase-end/<int:number>/", phase_path.path, name="phase_path"),
]
