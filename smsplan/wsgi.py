"""The WSGI application that gunicorn serves."""

import os
import sys

from smsplan.environment import ConfigurationError, prepare

try:
    prepare([])
except ConfigurationError as error:
    sys.exit(f"smsplan: {error}")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smsplan.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
