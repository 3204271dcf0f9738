"""All addresses. Each app lists its own."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from common.views import gallery
from projects.access import public_view
from smsplan import errors, health

# The administration signs in where everybody does: with its rate limits and the second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # as allauth documents it

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    # Whoever could choose a further address, unproven, could sign in as somebody else's: the page is not served.
    path("accounts/email/", public_view("GET", "POST")(errors.not_found), name="account_email_closed"),
    path("accounts/confirm-email/", public_view("GET", "POST")(errors.not_found), name="account_confirm_closed"),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("admin/", admin.site.urls),
    path("", include("projects.urls")),
    path("", include("phases.urls")),
    path("", include("governance.urls")),
    path("", include("audits.urls")),
    path("", include("businesscase.urls")),
    path("", include("gapanalysis.urls")),
    path("", include("documents.urls")),
    path("", include("evidence.urls")),
    path("", include("jobs.urls")),
    path("", include("notifications.urls")),
]

if settings.DEBUG or settings.MODE in ("demo", "test"):
    urlpatterns.append(path("gallery/", public_view("GET", "POST")(gallery.gallery), name="gallery"))

handler400 = "smsplan.errors.bad_request"
handler403 = "smsplan.errors.forbidden"
handler404 = "smsplan.errors.not_found"
handler500 = "smsplan.errors.server_error"
