"""Addresses of mail."""

from django.urls import path

from notifications.views import mail_settings

urlpatterns = [
    path("account/notifications/", mail_settings.mail_settings, name="mail_settings"),
    path("mail/stop/<str:token>/", mail_settings.unsubscribe, name="mail_unsubscribe"),
]
