"""Addresses of governance, one module a part. Fixed names come before refs."""

from governance import urls_decisions, urls_end, urls_gates, urls_meetings, urls_steering, urls_top

urlpatterns = [
    *urls_steering.urlpatterns,
    *urls_gates.urlpatterns,
    *urls_decisions.urlpatterns,
    *urls_meetings.urlpatterns,
    *urls_end.urlpatterns,
    *urls_top.urlpatterns,
]
