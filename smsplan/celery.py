"""The Celery application: what sends the ids of jobs to workers, over Redis or, embedded, over a folder."""

from celery import Celery
from django.conf import settings
from kombu.transport import TRANSPORT_ALIASES

# What `filesystem://` means here, and only here.
TRANSPORT_ALIASES["filesystem"] = "smsplan.broker:Transport"

app = Celery("smsplan")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(lambda: settings.INSTALLED_APPS)
