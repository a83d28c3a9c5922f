"""One settings file for every environment; values come from ``PORTAL_*`` through ``portal.env``.

docs/settings.md lists the variables.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from portal import env

BASE_DIR = Path(__file__).resolve().parent.parent

# --- What is secret, and where the portal stands ----------------------------------------------

SECRET_KEY = env.read("SECRET_KEY", env.signing_key)
ENCRYPTION_KEYS = env.read("ENCRYPTION_KEYS", env.encryption_keys)
DEBUG = env.read("DEBUG", env.boolean, default=False)
BASE_URL = env.read("BASE_URL", env.base_url)
ALLOWED_HOSTS = env.read("ALLOWED_HOSTS", env.hosts, default=[urlsplit(BASE_URL).hostname or ""])
IS_HTTPS = BASE_URL.startswith("https://")
PORTAL_NAME = env.read("NAME", env.text, default="Gallery Portal")
PORTAL_CONTACT = env.read("CONTACT", env.text, default="your administrator")

# --- Gallery -----------------------------------------------------------------------------------

# Which hosts an administrator may connect to: names, *.patterns or networks. Empty: any host
# but this machine and link-local addresses.
GALLERY_HOSTS: list[str] = env.read("GALLERY_HOSTS", env.hosts_or_networks, default=[])
GALLERY_ALLOW_HTTP = env.read("GALLERY_ALLOW_HTTP", env.boolean, default=False)

# --- Packages ----------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.admin",
    "django.contrib.humanize",
    "django.forms",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "apps.base",
    "apps.accounts",
    "apps.audit",
    "apps.gallery",
    "apps.catalog",
    "apps.runs",
    "apps.results",
    "apps.home",
    "apps.emulator",
]

# What adds headers stands outside, so that no answer leaves without: not the redirect to a
# slash, the refusal of a foreign host or a static file.
MIDDLEWARE = [
    "apps.base.middleware.request_id",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "apps.base.middleware.private_pages",
    "apps.base.middleware.no_nul",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "apps.accounts.middleware.bounded_body",
    "apps.accounts.middleware.session_ended",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
FORM_RENDERER = "apps.base.form_renderer.PortalRenderer"

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
                "apps.base.context.portal",
            ],
        },
    },
]

# --- Database, broker, cache, files ------------------------------------------------------------

DATABASES: dict[str, dict[str, Any]] = {"default": env.read("DATABASE_URL", env.database)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Counters for sign-in limits are kept in the database: they have to be shared by all web
# processes, and pages must go on when the broker is away.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
    }
}

BROKER_URL = env.read("BROKER_URL", env.broker)
WORKER_THREADS = env.read("WORKER_THREADS", env.whole_number(1, 64), default=4)

CELERY_BROKER_URL = BROKER_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_PUBLISH_RETRY = False
# A publish to an absent broker fails at once instead of holding a person's request.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "max_retries": 0,
    "interval_start": 0,
    "interval_step": 0,
    "socket_connect_timeout": 1,
    "visibility_timeout": 300,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# Threads, because work is waiting for Galleries; what needs time of its own is a process already.
CELERY_WORKER_POOL = "threads"
CELERY_WORKER_CONCURRENCY = WORKER_THREADS
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 5
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    # A tick that waits longer than five seconds has been overtaken by later ones.
    "runs-sweep": {"task": "runs.sweep", "schedule": 1.0, "options": {"expires": 5}},
}

FILES_DIR = env.read("FILES_DIR", Path, default=BASE_DIR / "media")
MEDIA_ROOT = FILES_DIR
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "apps.base.static.PortalStaticFiles"},
}
# Without collectstatic (demo, tests) files are served from where they lie.
WHITENOISE_USE_FINDERS = not STATIC_ROOT.is_dir()
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False

# A form of 500 questions with long lists has more fields than Django's default allows.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
FILE_UPLOAD_PERMISSIONS = 0o600
MAX_UPLOAD_BYTES = env.read("MAX_UPLOAD_MB", env.whole_number(1, 10_240), default=100) * 1_048_576
MAX_OUTPUT_BYTES = (
    env.read("MAX_OUTPUT_MB", env.whole_number(1, 102_400), default=5_120) * 1_048_576
)

# --- People ------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "apps.accounts.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "apps.accounts.adapters.SocialAccountAdapter"
ACCOUNT_FORMS = {
    "login": "apps.accounts.forms.SignInForm",
    "reset_password": "apps.accounts.forms.LocalPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.read("TRUSTED_PROXIES", env.whole_number(0, 10), default=0)
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
OIDC_ISSUER = env.read("OIDC_ISSUER", env.issuer, default="")
if OIDC_ISSUER:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "company",
                "name": env.read("OIDC_NAME", env.text, default="Company account"),
                "client_id": env.read("OIDC_CLIENT_ID", env.text),
                "secret": env.read("OIDC_CLIENT_SECRET", env.text),
                "settings": {"server_url": OIDC_ISSUER},
            }
        ],
    }

# --- Trust -------------------------------------------------------------------------------------

SESSION_ENGINE = "apps.accounts.sessions"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_NAME = "__Host-session" if IS_HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_HTTPS else "csrf"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CSRF_FAILURE_VIEW = "apps.home.views.csrf_failure"
SECURE_SSL_REDIRECT = False  # the proxy in front ends TLS and redirects
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS and ALLAUTH_TRUSTED_PROXY_COUNT else None
)
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
# Other hosts of the company's domain are not ours to bind (W005, W021); W008 as said above.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
if OIDC_ISSUER:
    # Browsers apply form-action to where a form's redirects lead, too.
    _issuer = urlsplit(OIDC_ISSUER)
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"].append(
        f"{_issuer.scheme}://{_issuer.netloc}"
    )

# --- Language and time -------------------------------------------------------------------------

LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.read("TIME_ZONE", env.time_zone, default="UTC")

# --- Logs --------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_id": {"()": "apps.base.logs.RequestIdFilter"},
        "redact": {"()": "apps.base.logs.RedactFilter"},
        "refusal": {"()": "apps.base.logs.RefusalFilter"},
    },
    "formatters": {"line": {"()": "apps.base.logs.LineFormatter"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["request_id", "redact", "refusal"],
        }
    },
    "root": {
        "handlers": ["console"],
        "level": env.read("LOG_LEVEL", env.log_level, default="INFO"),
    },
    "loggers": {
        # Signed addresses are secrets while they can still be used.
        "oauthlib": {"level": "WARNING"},
        "requests_oauthlib": {"level": "WARNING"},
        "urllib3": {"level": "WARNING"},
        # The scheduler's tick would write several lines a second.
        "celery.beat": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        # Scanners try every name; each would leave a traceback.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}

# --- Mail --------------------------------------------------------------------------------------

# Without a mail server nothing that sends mail is offered: a link to a new password in a log
# would be a secret in a log.
HAS_MAIL = env.raw("EMAIL_URL") is not None
vars().update(env.read("EMAIL_URL", env.email, default=env.email("consolemail://")))
DEFAULT_FROM_EMAIL = env.read(
    "EMAIL_FROM", env.text, default=f"portal@{urlsplit(BASE_URL).hostname}"
)
