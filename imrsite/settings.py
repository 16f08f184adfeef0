"""Settings, read from the environment; every default is safe for one machine.

HOST, PORT         where the site listens (default: 127.0.0.1 and 8000)
WEB_WORKERS        the number of web processes (default: one per core, at most 4)
IMR_DATA_DIR       where database, index, original letters and the secret key live (default: data/ in a
                   checkout, else the account's folder for data, such as ~/.local/share/imrsite)
IMR_DATABASE_URL   a database URL such as postgresql://imr@host/imr (default: SQLite in the data directory)
IMR_DATABASE_WAIT_SECONDS  how long a change waits for the database (default: 2 for visitors, 30 for commands)
IMR_DATABASE_STATEMENT_SECONDS  PostgreSQL: how long one statement may take (default: 20 for visitors, and 0,
                   which is no limit, for commands)
IMR_DATABASE_POOL  PostgreSQL: so many connections at most in each process, shared by its threads (default: 0,
                   each thread has its own)
IMR_SEARCH_URL     nodes of an OpenSearch cluster, separated by commas, to search there and not in the data
                   directory: docs/operations.md
IMR_SEARCH_USER, IMR_SEARCH_PASSWORD  the user there; a password is sent by https only
IMR_SEARCH_CA_FILE the certificates to trust there (default: those of this machine)
IMR_SEARCH_INDEX   what the names of the site's indices begin with (default: imr)
IMR_SEARCH_SHARDS, IMR_SEARCH_REPLICAS  of an index that is built anew (default: 1 and 0)
IMR_SECRET_KEY     the secret key (default: made once and kept in the data directory)
IMR_ALLOWED_HOSTS  host names that the site accepts, separated by commas, beside this machine's own
IMR_CSRF_TRUSTED_ORIGINS  origins such as https://imr.example.org, separated by commas
IMR_HTTPS          1 if the site uses HTTPS only: secure cookies and HSTS
IMR_PLAIN_HTTP     1 to let a site that requires sign-in listen beyond this machine without HTTPS
IMR_DEBUG          1 for Django's debug pages
IMR_SITE_URL       the site's address, such as https://imr.example.org, for links in emails and to assistants
IMR_EMAIL_HOST     the mail server for alerts; without it, the site sends no email
IMR_EMAIL_PORT, IMR_EMAIL_USER, IMR_EMAIL_PASSWORD, IMR_EMAIL_SECURITY (starttls, ssl or none)
IMR_EMAIL_FROM     the sender of alerts
IMR_KEPT_MB        how many megabytes of answers each web process keeps for visitors without a session
                   (default: 16; 0 to keep none): docs/operations.md
IMR_SIGN_IN_ONLY   1 to require sign-in for the whole site: docs/running.md
IMR_ALLOW_CRAWLERS 1 to allow search engines' crawlers; the default keeps them out
IMR_API_ORIGINS    web sites whose scripts may read /api/, such as https://firm.example, separated by
                   commas, or * for all (default: none)
IMR_SEARCH_RATE, IMR_SUGGEST_RATE, IMR_API_RATE, IMR_FOLDER_RATE, IMR_SIGN_IN_RATE
                   how often one visitor may ask, such as 240/minute; empty for no limit: docs/running.md
IMR_PROXIES        how many proxies of yours stand between the site and its visitors (default: 0)
IMR_UPLOAD_GB_PER_DAY  how much one person may import through the site in a day (default: 50; 0 for no limit)
IMR_ACCOUNT_FAILURES, IMR_ADDRESS_FAILURES
                   so many failed sign-ins in 15 minutes lock an account (default: 10) or an address (50)
IMR_STAFF_SECOND_FACTOR  1 to require a second factor of staff
IMR_SESSION_HOURS  how long a sign-in lasts at most (default: 336, two weeks)
IMR_SESSION_IDLE_MINUTES  how long it lasts unused (default: 720, half a day; 0 for no limit)
IMR_LOG_FORMAT     lines (the default) or json
IMR_ACCESS_LOG     paths (the default), words to log search words as well, or off
IMR_METRICS_TOKEN  turns on /metrics for Prometheus, which has to send this token: docs/operations.md
IMR_ASSISTANT_TOKEN  what assistants must send to `mcp_server --http`: docs/operations.md
IMR_LEAST_FREE_MB  below so many megabytes of free disk, /health/ is not ok (default: 200)
IMR_MACHINE        this machine's name beside others that use the same database (default: its host name)
IMR_FOLLOWER_DAYS  so long are changes kept for an index that does not follow them (default: 14)
IMR_ORIGINALS_BUCKET  an S3 bucket in which several machines share the original letters: docs/operations.md
IMR_ORIGINALS_ENDPOINT  the address of the S3-compatible server that has it, if that is not Amazon's
AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_DEFAULT_REGION
                   the keys and region of the bucket (default: from Amazon's own files or the machine's role)
IMR_INBOX          a folder from which the import worker takes every file: docs/importing.md
IMR_SAMPLE_LETTERS 0 to begin without the invented sample letters: `serve` imports them into an empty database
"""

import os
import socket
import warnings
from pathlib import Path
from typing import Any

import django
import django_stubs_ext
from django.core.exceptions import ImproperlyConfigured
from limits import parse_many

from imrsite import installation
from imrsite.data_directory import data_directory, prepare
from imrsite.database import database_settings
from imrsite.listening import listening_names
from imrsite.logs import logging_settings
from imrsite.secret_key import secret_key
from imrsite.shared_storage import s3_storage

django_stubs_ext.monkeypatch()  # lets forms and admin classes name their model: ModelForm[Determination]

BASE_DIR = installation.BASE_DIR
DATA_DIR = data_directory(os.environ.get("IMR_DATA_DIR", ""))
try:
    prepare(DATA_DIR)
    SECRET_KEY = secret_key(os.environ.get("IMR_SECRET_KEY", ""), DATA_DIR)
except OSError as error:
    raise ImproperlyConfigured(
        f"The data directory {DATA_DIR} cannot be used: {error.strerror} ({error.filename}). "
        "Set IMR_DATA_DIR to a folder that this account can read and write."
    ) from error


def _names(variable: str, default: str = "") -> list[str]:
    return [name.strip() for name in os.environ.get(variable, default).split(",") if name.strip()]


def _flag(variable: str, default: str = "0") -> bool:
    """Anything but a plain yes or no is refused: a slip must not open a site that was to be closed."""
    given = os.environ.get(variable, "").strip().lower() or default
    if given not in {"0", "false", "no", "off", "1", "true", "yes", "on"}:
        raise ImproperlyConfigured(f"{variable} is “{given}”. Set it to 1 for yes or 0 for no.")
    return given in {"1", "true", "yes", "on"}


def _choice(variable: str, default: str, *others: str) -> str:
    given = os.environ.get(variable, "").strip().lower() or default
    if given not in {default, *others}:
        raise ImproperlyConfigured(f"{variable} is “{given}”. Set it to {' or '.join((default, *others))}.")
    return given


def _rate(variable: str, default: str) -> str:
    """Empty for no limit."""
    given = os.environ.get(variable, default)
    try:
        parse_many(given or default)
    except ValueError as error:
        raise ImproperlyConfigured(f"{variable} is “{given}”. Write a rate like {default}.") from error
    return given


DEBUG = _flag("IMR_DEBUG")
# Programs on this machine and load balancers check the site's health by these names.
THIS_MACHINE = [
    "localhost",
    "127.0.0.1",
    "[::1]",
    socket.gethostname(),
    *listening_names(os.environ.get("HOST", "")),
]
ALLOWED_HOSTS = [*_names("IMR_ALLOWED_HOSTS"), *THIS_MACHINE]
CSRF_TRUSTED_ORIGINS = _names("IMR_CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "corsheaders",
    "django_filters",
    "django_htmx",
    "determinations",
    "determinations.accounts",
]

MIDDLEWARE = [
    "determinations.middleware.give_frames_room",
    "determinations.request_log.log_requests",
    "determinations.middleware.strip_head_bodies",
    "determinations.middleware.add_security_headers",
    "django.middleware.security.SecurityMiddleware",
    "determinations.middleware.KeepOutCrawlers",
    "corsheaders.middleware.CorsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Each answer is padded by random lengths, and the form token differs in each: see docs/operations.md.
    "django.middleware.gzip.GZipMiddleware",
    "determinations.middleware.ContentPolicy",
    "determinations.middleware.KeepReadingSessions",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "determinations.accounts.middleware.limit_sessions",
    "django_otp.middleware.OTPMiddleware",
    "determinations.accounts.middleware.answer_locked_sign_ins",
    "determinations.middleware.refuse_large_bodies",
    "determinations.load_limits.RateLimits",
    "determinations.middleware.SignInOnly",
    "determinations.accounts.middleware.RequireSecondFactor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "determinations.middleware.explain_wrong_methods",
    "determinations.middleware.find_no_null_characters",
]

CSRF_FAILURE_VIEW = "determinations.views.error_pages.csrf_failure"
ROOT_URLCONF = "imrsite.urls"
WSGI_APPLICATION = "imrsite.wsgi.application"

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
                "determinations.context_processors.token_of_forms",
                "determinations.context_processors.site_banner",
                "determinations.context_processors.commands",
                "determinations.context_processors.search_box",
                "determinations.context_processors.research_folder",
            ],
        },
    },
]

DATABASES = {"default": database_settings(os.environ, DATA_DIR)}
# A SQLite file belongs to one machine: files are locked there, and leases in the database elsewhere.
MACHINES_SHARE_DATABASE = DATABASES["default"]["ENGINE"] != "django.db.backends.sqlite3"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en-us"
TIME_ZONE = "America/Los_Angeles"
USE_I18N = False
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"  # `serve` collects there
# Where nothing was collected yet, WhiteNoise serves the source tree.
warnings.filterwarnings("ignore", message="No directory at")
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "imrsite.static_files.OneSheetStorage"},
}
if os.environ.get("IMR_ORIGINALS_BUCKET"):
    STORAGES["originals"] = s3_storage(
        os.environ["IMR_ORIGINALS_BUCKET"], os.environ.get("IMR_ORIGINALS_ENDPOINT", "")
    )
WHITENOISE_USE_FINDERS = True  # what was not collected is served from the source tree

_HTTPS = _flag("IMR_HTTPS")
SECURE_SSL_REDIRECT = _HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _HTTPS else None
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]  # programs of this machine ask for them directly
# Subdomains are not this site's to speak for, nor is a browser's preload list.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SESSION_COOKIE_SECURE = _HTTPS
CSRF_COOKIE_SECURE = _HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

SIGN_IN_ONLY = _flag("IMR_SIGN_IN_ONLY")
ALLOW_CRAWLERS = _flag("IMR_ALLOW_CRAWLERS")

# An edited template shows at once where Django's debug pages are on.
KEPT_ANSWER_BYTES = 0 if DEBUG else round(float(os.environ.get("IMR_KEPT_MB") or 16) * 1_000_000)

# Nobody by default: a site that a firm reaches without signing in must not be readable through any web page.
_API_ORIGINS = _names("IMR_API_ORIGINS")
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_ALL_ORIGINS = _API_ORIGINS == ["*"]
CORS_ALLOWED_ORIGINS = [] if CORS_ALLOW_ALL_ORIGINS else _API_ORIGINS
CORS_ALLOW_METHODS = ["GET", "HEAD"]
CORS_EXPOSE_HEADERS = ["ETag", "Retry-After"]

# Each web process counts for itself, by account or address. An empty rate is no limit.
RATE_LIMITS = {
    "search": _rate("IMR_SEARCH_RATE", "240/minute"),
    "suggest": _rate("IMR_SUGGEST_RATE", "600/minute"),
    "api": _rate("IMR_API_RATE", "240/minute"),
    "folder": _rate("IMR_FOLDER_RATE", "60/minute; 2000/day"),
    "sign_in": _rate("IMR_SIGN_IN_RATE", "20/minute"),
}
PROXIES = int(os.environ.get("IMR_PROXIES") or 0)

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

LOG_FORMAT = _choice("IMR_LOG_FORMAT", "lines", "json")
LOGGING = logging_settings(LOG_FORMAT)
ACCESS_LOG = _choice("IMR_ACCESS_LOG", "paths", "words", "off")
METRICS_TOKEN = os.environ.get("IMR_METRICS_TOKEN", "")
ASSISTANT_TOKEN = os.environ.get("IMR_ASSISTANT_TOKEN", "")
LEAST_FREE_BYTES = int(os.environ.get("IMR_LEAST_FREE_MB") or 200) * 1_000_000

AUTHENTICATION_BACKENDS = ["determinations.accounts.lockout.LockingBackend"]
_RULES = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"{_RULES}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_RULES}.CommonPasswordValidator"},
    {"NAME": f"{_RULES}.NumericPasswordValidator"},
    {"NAME": f"{_RULES}.UserAttributeSimilarityValidator"},
    {"NAME": "determinations.accounts.passwords.FollowNewPasswords"},
]
ACCOUNT_FAILURES = int(os.environ.get("IMR_ACCOUNT_FAILURES") or 10)
ADDRESS_FAILURES = int(os.environ.get("IMR_ADDRESS_FAILURES") or 50)
PASSWORD_RESET_TIMEOUT = 2 * 60 * 60
STAFF_SECOND_FACTOR = _flag("IMR_STAFF_SECOND_FACTOR")
OTP_ADMIN_HIDE_SENSITIVE_DATA = True  # keys of apps and backup codes
OTP_TOTP_ISSUER = "IMR Determinations"
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 0  # wrong codes count for the lock of the account
SESSION_COOKIE_AGE = round(float(os.environ.get("IMR_SESSION_HOURS") or 336) * 3600)
SESSION_IDLE_SECONDS = round(float(os.environ.get("IMR_SESSION_IDLE_MINUTES") or 720) * 60)

LOGIN_URL = "determinations:sign_in"
LOGIN_REDIRECT_URL = "determinations:folder"
LOGOUT_REDIRECT_URL = "determinations:search"

SITE_URL = os.environ.get("IMR_SITE_URL", "").rstrip("/")
SENDS_EMAIL = bool(os.environ.get("IMR_EMAIL_HOST"))
_MAIL_SECURITY = os.environ.get("IMR_EMAIL_SECURITY", "starttls").lower()
_MAIL_SERVER: dict[str, Any] = {
    "host": os.environ.get("IMR_EMAIL_HOST", ""),
    "port": int(os.environ.get("IMR_EMAIL_PORT") or 587),
    "username": os.environ.get("IMR_EMAIL_USER", ""),
    "password": os.environ.get("IMR_EMAIL_PASSWORD", ""),
    "use_tls": _MAIL_SECURITY == "starttls",
    "use_ssl": _MAIL_SECURITY == "ssl",
    "timeout": 30,
}
if django.VERSION >= (6, 1):  # which warns of each EMAIL_ setting
    MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": _MAIL_SERVER}}
else:
    EMAIL_HOST, EMAIL_PORT = _MAIL_SERVER["host"], _MAIL_SERVER["port"]
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL_SERVER["username"], _MAIL_SERVER["password"]
    EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL_SERVER["use_tls"], _MAIL_SERVER["use_ssl"]
    EMAIL_TIMEOUT = _MAIL_SERVER["timeout"]
DEFAULT_FROM_EMAIL = os.environ.get("IMR_EMAIL_FROM") or "imr-alerts@localhost"

SEARCH_URLS = tuple(_names("IMR_SEARCH_URL"))
SEARCH_ENGINE = (
    "determinations.search.opensearch.engine.OpenSearchEngine"
    if SEARCH_URLS
    else "determinations.search.columnar.engine.ColumnarEngine"
)
SEARCH_INDEX_DIR = DATA_DIR / "index"
MACHINE = os.environ.get("IMR_MACHINE", "").strip() or socket.gethostname()
FOLLOWER_DAYS = float(os.environ.get("IMR_FOLLOWER_DAYS") or 14)
SEARCH_CLUSTER = {
    "urls": SEARCH_URLS,
    "user": os.environ.get("IMR_SEARCH_USER", ""),
    "password": os.environ.get("IMR_SEARCH_PASSWORD", ""),
    "ca_file": os.environ.get("IMR_SEARCH_CA_FILE", ""),
}
SEARCH_INDEX = {
    "prefix": os.environ.get("IMR_SEARCH_INDEX") or "imr",
    "shards": int(os.environ.get("IMR_SEARCH_SHARDS") or 1),
    "replicas": int(os.environ.get("IMR_SEARCH_REPLICAS") or 0),
}
INBOX_DIR = Path(os.environ["IMR_INBOX"]).resolve() if os.environ.get("IMR_INBOX") else None
ORIGINAL_LETTERS_DIR = DATA_DIR / "letters"
SAMPLE_LETTERS_DIR = BASE_DIR / "sample_letters"
IMPORT_SAMPLE_LETTERS = _flag("IMR_SAMPLE_LETTERS", default="1")
UPLOAD_BYTES_PER_DAY = round(float(os.environ.get("IMR_UPLOAD_GB_PER_DAY") or 50) * 1_000_000_000)
DATA_UPLOAD_MAX_NUMBER_FILES = 1000  # in one form, where letters are imported without JavaScript
RESULTS_PER_PAGE = 20
