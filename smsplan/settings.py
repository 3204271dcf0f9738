"""Settings, from the environment alone (see `smsplan.environment`). Every name is in docs/operations.md."""

import logging
import os
import sys
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from kombu.entity import Exchange, Queue

from smsplan.environment import (
    BASE_DIR,
    MODES,
    ConfigurationError,
    address_of,
    checked_base_url,
    data_dir,
    is_on,
    prepare,
    required_secret,
    time_of_night,
    whole,
)
from smsplan.logs import chosen, logging_settings
from smsplan.mail_url import mail_settings

try:
    prepare([])
    MODE = os.environ.get("SMSPLAN_ENV", "production").strip()
    if MODE not in MODES:
        raise ConfigurationError(f"SMSPLAN_ENV is {MODE!r}; it must be one of {', '.join(MODES)}")
    SECRET_KEY = required_secret("SECRET_KEY", MODE)
    TRAIL_KEY = required_secret("TRAIL_KEY", MODE)
    BASE_URL = os.environ.get("BASE_URL", "").strip().rstrip("/")
    if not BASE_URL:
        if MODE == "production":
            raise ConfigurationError(
                "BASE_URL is not set. Set it to the address people use, such as https://sms.example.org"
            )
        BASE_URL = "http://127.0.0.1:8000"
    if MODE == "production":
        # Over http:// where the operator insists: cookies and headers that need https would lock everybody out.
        _address = checked_base_url(BASE_URL, insecure_http=is_on(os.environ.get("INSECURE_HTTP", "")))
    else:
        _address = address_of(BASE_URL)
    BASE_URL = _address.url
    LOG_FORMAT, LOG_LEVEL = chosen()
    NIGHTLY_AT = time_of_night(os.environ.get("NIGHTLY_AT", "") or "01:30")
    _NUMBERS = {
        "BACKUP_KEEP": whole("BACKUP_KEEP", 14 if MODE == "production" else 2, least=1),
        "BEAT_SECONDS": whole("BEAT_SECONDS", 10, least=1),
        "EVIDENCE_FILE_MB": whole("EVIDENCE_FILE_MB", 2048, least=1),
        "EVIDENCE_INLINE_MB": whole("EVIDENCE_INLINE_MB", 64),
        "EVIDENCE_PIECE_MB": whole("EVIDENCE_PIECE_MB", 8, least=1),
        "EVIDENCE_PREVIEW_DAYS": whole("EVIDENCE_PREVIEW_DAYS", 90, least=1),
        "EVIDENCE_QUOTA_MB": whole("EVIDENCE_QUOTA_MB", 20480, least=1),
        "FREE_SPACE_MB": whole("FREE_SPACE_MB", 200),
        "JOB_HEARTBEAT_SECONDS": whole("JOB_HEARTBEAT_SECONDS", 5, least=1),
        "JOB_KEEP_DAYS": whole("JOB_KEEP_DAYS", 90, least=1),
        "JOB_KILL_AFTER_SECONDS": whole("JOB_KILL_AFTER_SECONDS", 60, least=1),
        "JOB_LOST_AFTER_SECONDS": whole("JOB_LOST_AFTER_SECONDS", 45, least=2),
        "JOB_MEMORY_MB": whole("JOB_MEMORY_MB", 2048),
        "JOB_RESEND_SECONDS": whole("JOB_RESEND_SECONDS", 60, least=1),
        "JOB_STOP_SECONDS": whole("JOB_STOP_SECONDS", 15),
        "PDF_CPU_SECONDS": whole("PDF_CPU_SECONDS", 120, least=5),
        "PDF_FILE_MB": whole("PDF_FILE_MB", 50, least=1),
        "PDF_MEMORY_MB": whole("PDF_MEMORY_MB", 1024, least=256),
        "PDF_SECONDS": whole("PDF_SECONDS", 300, least=5),
        "TRUSTED_PROXY_COUNT": whole("TRUSTED_PROXY_COUNT", 1),
    }
except ConfigurationError as error:
    sys.exit(f"smsplan: {error}")

env = environ.Env()
PRODUCTION = MODE == "production"
DEBUG = MODE == "development"
TRUST_PROXY_HEADERS = PRODUCTION and env.bool("TRUST_PROXY_HEADERS", default=False)
DATA_DIR: Path = data_dir()
TRAIL_KEY_ID = os.environ.get("TRAIL_KEY_ID", "1").strip()
# Keys of the past, so that older events can still be checked: "1:first-key,2:second-key".
TRAIL_KEYS = {
    **dict(pair.split(":", 1) for pair in os.environ.get("TRAIL_KEYS_PAST", "").split(",") if ":" in pair),
    TRAIL_KEY_ID: TRAIL_KEY,
}

_host = _address.host
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[_host] if PRODUCTION else ["127.0.0.1", "localhost", "[::1]"])
if MODE == "test":
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, "testserver"]
CSRF_TRUSTED_ORIGINS = [BASE_URL] if PRODUCTION else []

INSTALLED_APPS = [
    "smsplan",
    "governance",
    # After governance, whose criteria of gates it computes.
    "audits",
    "businesscase",
    "gapanalysis",
    "documents",
    "evidence",
    "phases",
    "notifications",
    "jobs",
    "projects",
    "accounts",
    "audittrail",
    "common",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "crispy_forms",
    "crispy_bootstrap5",
    "import_export",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "dbbackup",
]

MIDDLEWARE = [
    "common.middleware.HeadMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "smsplan.request_log.RequestLogMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "common.middleware.PrivatePagesMiddleware",
    "audittrail.middleware.TrailContextMiddleware",
    "projects.middleware.DeclaredAccessMiddleware",
]

ROOT_URLCONF = "smsplan.urls"
WSGI_APPLICATION = "smsplan.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "projects.context.shell",
            ],
        },
    }
]

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'smsplan.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-20000;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # A host that is gone is noticed within seconds, and not when the system gives up.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 3)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "smsplan_cache"}}
if MODE == "test":
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- people and sessions -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.ActiveUserBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 3600
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "smsplan"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False
if MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# --- transport and content security --------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if PRODUCTION and _address.is_plain:
    # What stays on this machine needs no https; on any other host `check --deploy` goes on warning.
    if _address.is_this_machine:
        SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016"]
elif PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    # Preloading binds the whole domain for years: the owner of the domain decides on it, not this application.
    SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=False)
    SILENCED_SYSTEM_CHECKS = ["security.W021"]
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
if TRUST_PROXY_HEADERS:
    # One proxy in front: the address that rate limits count by is the one it adds.
    ALLAUTH_TRUSTED_PROXY_COUNT = _NUMBERS["TRUSTED_PROXY_COUNT"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000
DATA_UPLOAD_MAX_NUMBER_FILES = 300  # more than a form takes at once, so that the form itself can say so
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# --- mail ----------------------------------------------------------------------------------------------------
if os.environ.get("EMAIL_URL", "").strip():
    try:
        vars().update(mail_settings(os.environ["EMAIL_URL"]))
    except ConfigurationError as error:
        sys.exit(f"smsplan: {error}")
elif MODE == "test":
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(DATA_DIR / "mail")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"smsplan <no-reply@{_host}>")

# --- jobs ----------------------------------------------------------------------------------------------------
# Without Redis the installation is embedded: messages lie in a folder, and `serve` runs worker and beat beside the web.
REDIS_URL = os.environ.get("REDIS_URL", "").strip()
EMBEDDED = not REDIS_URL
JOB_MEMORY_MB = _NUMBERS["JOB_MEMORY_MB"]
JOB_HEARTBEAT_SECONDS = _NUMBERS["JOB_HEARTBEAT_SECONDS"]
JOB_LOST_AFTER_SECONDS = _NUMBERS["JOB_LOST_AFTER_SECONDS"]
JOB_KILL_AFTER_SECONDS = _NUMBERS["JOB_KILL_AFTER_SECONDS"]
JOB_STOP_SECONDS = _NUMBERS["JOB_STOP_SECONDS"]
JOB_RESEND_SECONDS = _NUMBERS["JOB_RESEND_SECONDS"]
BEAT_SECONDS = _NUMBERS["BEAT_SECONDS"]
# What one PDF may take, in a process of its own (see `common.pdf.limits`).
PDF_CPU_SECONDS = _NUMBERS["PDF_CPU_SECONDS"]
PDF_FILE_MB = _NUMBERS["PDF_FILE_MB"]
PDF_MEMORY_MB = _NUMBERS["PDF_MEMORY_MB"]
PDF_SECONDS = _NUMBERS["PDF_SECONDS"]
# Worker and beat touch it while they go round (see `smsplan.alive`).
ALIVE_FILE = os.environ.get("ALIVE_FILE", "").strip()
CELERY_BROKER_URL = REDIS_URL or "filesystem://localhost/"
# Few and short tries: whoever asks for a job is not kept waiting by a broker that is away, and loses nothing.
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.2,
    "interval_max": 0.2,
    "socket_connect_timeout": 2,
    # One that takes connections and answers nothing is away too.
    "socket_timeout": 5,
}
if EMBEDDED:
    _messages = str(DATA_DIR / "broker")
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": _messages,
        "data_folder_out": _messages,
        "polling_interval": 0.2,
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_QUEUES = [Queue(name, Exchange(name), routing_key=name) for name in ("quick", "heavy")]
CELERY_TASK_DEFAULT_QUEUE = "quick"
CELERY_TASK_CREATE_MISSING_QUEUES = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ALWAYS_EAGER = MODE == "test"
CELERY_WORKER_POOL = "smsplan.pool:TaskPool"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_ENABLE_UTC = True

# --- the night -----------------------------------------------------------------------------------------------
BACKUP_DIR: Path = Path(os.environ.get("BACKUP_DIR", "").strip() or DATA_DIR / "backups").expanduser()
BACKUP_KEEP = _NUMBERS["BACKUP_KEEP"]
EVIDENCE_FILE_MB = _NUMBERS["EVIDENCE_FILE_MB"]
EVIDENCE_INLINE_MB = _NUMBERS["EVIDENCE_INLINE_MB"]
EVIDENCE_PIECE_MB = _NUMBERS["EVIDENCE_PIECE_MB"]
EVIDENCE_PREVIEW_DAYS = _NUMBERS["EVIDENCE_PREVIEW_DAYS"]
EVIDENCE_QUOTA_MB = _NUMBERS["EVIDENCE_QUOTA_MB"]
JOB_KEEP_DAYS = _NUMBERS["JOB_KEEP_DAYS"]

# --- texts, time, files --------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if MODE == "test"
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
    # For the commands of django-dbbackup itself; `manage.py backup` makes a folder with a manifest there.
    "dbbackup": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(BACKUP_DIR), "file_permissions_mode": 0o600},
    },
}
DBBACKUP_CONNECTORS = {}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DBBACKUP_CONNECTORS = {"default": {"CONNECTOR": "smsplan.backup.connectors.SqliteFileConnector"}}
DBBACKUP_TMP_DIR = str(DATA_DIR)
WHITENOISE_USE_FINDERS = MODE in ("development", "test")
WHITENOISE_AUTOREFRESH = MODE in ("development", "test")
MEDIA_ROOT = DATA_DIR / "media"
# Key and certificate (PEM) that evidence packs are signed with; without both they are not signed.
SIGNING_KEY_FILE = os.environ.get("SIGNING_KEY_FILE", "").strip()
SIGNING_CERT_FILE = os.environ.get("SIGNING_CERT_FILE", "").strip()
# Below this, `readyz` says that storage is short.
FREE_SPACE_MB = _NUMBERS["FREE_SPACE_MB"]
CONTENT_DIR = BASE_DIR / "fixtures"

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_SKIP_ADMIN_LOG = True

LOGGING = logging_settings(LOG_FORMAT, LOG_LEVEL)
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = True  # what comes in was chosen by smsplan.request_log
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = logging.INFO
