"""Is the application up?"""

from django.db import connection
from django.http import HttpRequest, JsonResponse

from projects.access import public_view


@public_view("GET")
def healthz(request: HttpRequest) -> JsonResponse:
    """200 with `{"status": "ok"}` when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return JsonResponse({"status": "ok", "application": "smsplan"})
