from django.apps import AppConfig


class SmsplanConfig(AppConfig):
    name = "smsplan"
    verbose_name = "smsplan"
