"""Addresses of jobs."""

from django.urls import path

from jobs import views

urlpatterns = [
    path("jobs/", views.jobs, name="jobs"),
    path("jobs/<uuid:pk>/result/", views.result, name="job_result"),
]
