"""Addresses of jobs."""

from django.urls import path

from jobs.views import installation, own

urlpatterns = [
    path("jobs/", own.jobs, name="jobs"),
    path("jobs/installation/", installation.installation, name="installation_jobs"),
    path("jobs/installation/run/", installation.run, name="installation_run"),
    path("jobs/<uuid:pk>/", own.job, name="job"),
    path("jobs/<uuid:pk>/state/", own.job_state, name="job_state"),
    path("jobs/<uuid:pk>/cancel/", own.cancel, name="job_cancel"),
    path("jobs/<uuid:pk>/retry/", own.retry, name="job_retry"),
    path("jobs/<uuid:pk>/result/", own.result, name="job_result"),
]
