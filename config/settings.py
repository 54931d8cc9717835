"""Settings, from the environment only. `.env.example` explains every variable; config/checks.py refuses contradictions.

Nothing here is unsafe by default: DEBUG is off, no host is allowed and there is no secret until somebody says so.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.utils.functional import SimpleLazyObject

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"  # everything that a development checkout writes
VAR_DIR.mkdir(exist_ok=True)

env = environ.FileAwareEnv()

DEBUG: bool = env.bool("DEBUG", default=False)
SECRET_KEY: str = env.str("SECRET_KEY", default="")
# Keys that seal e-mail addresses and the like, `id:base64 of 32 bytes`, the first for new texts. Empty: derived from
# SECRET_KEY, which then cannot be changed without losing them.
SEALING_KEYS: list[str] = env.list("SEALING_KEYS", default=[])
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if DEBUG else [])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# How many server processes share the load, all machines counted. More than one needs Redis.
TROUPE_PROCESSES: int = env.int("TROUPE_PROCESSES", default=1)
# The address people see, for links in files and e-mails. Empty: taken from the request.
TROUPE_BASE_URL: str = env.str("TROUPE_BASE_URL", default="")
# Names the deployed build; overlays reload themselves (while hidden) when it changes.
TROUPE_BUILD: str = env.str("TROUPE_BUILD", default="dev")

INSTALLED_APPS = [
    # Before staticfiles: runserver is then the ASGI one. Elsewhere it would cost every process a fifth of its start.
    *(["daphne"] if DEBUG else []),
    "config.admin.TroupeAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "channels",
    "corsheaders",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "axes",
    "social_django",
    "config",
    "accounts",
    "content",
    "campaigns",
    "characters",
    "sheets",
    "overlay",
]

MIDDLEWARE = [
    "contract.middleware.RequestIDMiddleware",
    "config.probes.ProbeMiddleware",
    "contract.middleware.JSONErrorsMiddleware",  # before everything that can fail or refuse
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.policies.PolicyMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.session_people.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "accounts.limits.PageLimits",
    "axes.middleware.AxesMiddleware",  # last: it turns a lock-out during the request into its answer
]

if DEBUG:  # production's static files are compressed when they are collected
    MIDDLEWARE.insert(
        MIDDLEWARE.index("whitenoise.middleware.WhiteNoiseMiddleware"), "django.middleware.gzip.GZipMiddleware"
    )

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
APPEND_SLASH = True  # the admin's links need it; our own addresses have no trailing slash

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
                "accounts.context_processors.appearance",
                "sheets.context_processors.sheets",
            ],
        },
    },
]

# --- Data ---------------------------------------------------------------------------------------------------------

DATABASE: dict[str, Any] = env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}")
if DATABASE["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE takes the write lock when a transaction begins: a deferred one that reads first and writes later fails
    # with "database is locked" as soon as two of them meet (172 of 240 without, 0 of 240 with).
    DATABASE.setdefault("OPTIONS", {}).update(
        transaction_mode="IMMEDIATE",
        timeout=20,
        init_command="PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    )
else:
    # Persistent connections leak one per request thread under ASGI; the pool does not, and bounds what we take.
    DATABASE["CONN_MAX_AGE"] = 0
    DATABASE.setdefault("OPTIONS", {})["pool"] = {
        "min_size": env.int("DATABASE_POOL_MIN", default=1),
        "max_size": env.int("DATABASE_POOL_MAX", default=8),
        "timeout": env.int("DATABASE_POOL_TIMEOUT", default=10),
    }
    DATABASE["OPTIONS"].setdefault("connect_timeout", 5)
DATABASES = {"default": DATABASE}
# The write path prepares its statements, so that PostgreSQL plans them once for a connection (`contract.round_trip`).
# Off behind a pooler that hands every transaction to another connection (PgBouncer's transaction mode). psycopg's own
# preparing stays off, as Django has it: at a rollback it throws away all that its connection has prepared, ours too.
DATABASE_PREPARE: bool = env.bool("DATABASE_PREPARE", default=True)
# Requests that one process works on at once; none of them is there before it is needed.
REQUEST_THREADS: int = env.int("REQUEST_THREADS", default=32)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL: str = env.str("REDIS_URL", default="")
REDIS_PREFIX: str = env.str("REDIS_PREFIX", default="troupe")
if REDIS_URL:
    CHANNEL_LAYERS = {
        "default": {
            # The core layer loses every group when Redis restarts, silently and for ever; this one subscribes again.
            "BACKEND": "campaigns.layers.RedisChannelLayer",
            "CONFIG": {
                "hosts": [{"address": REDIS_URL, "socket_timeout": None, "max_connections": 1024}],
                "prefix": REDIS_PREFIX,
            },
        },
    }
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": REDIS_PREFIX,
            "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
        },
    }
else:
    CHANNEL_LAYERS = {"default": {"BACKEND": "campaigns.layers.OneProcessChannelLayer"}}
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- Work in the background ---------------------------------------------------------------------------------------

# Who does what nobody waits for: "worker" (celery, by Redis), "thread" (a thread of the server), or "at_once".
TASKS: str = env.str("TASKS", default="worker" if REDIS_URL else "thread")
# What the largest task, a video, may take, and how much memory (KB) a worker's process may keep after a task.
TASK_SECONDS: int = env.int("TASK_SECONDS", default=900)
TASK_WORKERS: int = env.int("TASK_WORKERS", default=2)
TASK_MEMORY: int = env.int("TASK_MEMORY", default=400_000)
CELERY_APP = "config.celery.app"
CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
    "global_keyprefix": f"{REDIS_PREFIX}:tasks:",
    # A worker that vanished with its machine: its task is taken again after this long, so no task may take longer.
    "visibility_timeout": max(3600, 3 * TASK_SECONDS),
    "socket_timeout": 10,
    "socket_connect_timeout": 1,
    "max_retries": 1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Taken off the queue when done, not when begun: what dies with its worker is done by another.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_DEFAULT_QUEUE = "troupe"
CELERY_WORKER_CONCURRENCY = TASK_WORKERS
CELERY_WORKER_MAX_MEMORY_PER_CHILD = TASK_MEMORY
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat")

# --- Files --------------------------------------------------------------------------------------------------------

S3_BUCKET: str = env.str("S3_BUCKET", default="")
MEDIA_URL: str = env.str("MEDIA_URL", default="/media/")
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "media")))
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_KEEP_ONLY_HASHED_FILES = not DEBUG

S3_ENDPOINT_URL: str | None = env.str("S3_ENDPOINT_URL", default=None)
S3_PUBLIC_DOMAIN: str = env.str("S3_PUBLIC_DOMAIN", default="")
# For how long a cache between us and many people may answer by itself; browsers keep a file, which never changes.
CDN_SECONDS: int = env.int("CDN_SECONDS", default=3600)
FILE_CACHING = f"public, max-age=31536000, s-maxage={CDN_SECONDS}, immutable"
# Objects are named by us and never named alike, so writing over one is only ever writing over a leftover.
LOCAL_FILES: dict[str, Any] = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {"location": MEDIA_ROOT, "allow_overwrite": True},
}


def _client_config() -> Any:
    """Made where a bucket is used: to load boto takes a process most of a second, and most have no bucket."""
    from botocore.config import Config

    return Config(
        connect_timeout=2,
        read_timeout=4,
        retries={"total_max_attempts": 2, "mode": "standard"},
        signature_version="s3v4",
        s3={"addressing_style": "path"},
        # R2 and others refuse the checksums that boto3 sends by itself since 1.36.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )


S3_FILES: dict[str, Any] = {
    "BACKEND": "content.bucket.Bucket",
    "OPTIONS": {
        "bucket_name": S3_BUCKET,
        "endpoint_url": S3_ENDPOINT_URL,
        "access_key": env.str("S3_ACCESS_KEY_ID", default=None),
        "secret_key": env.str("S3_SECRET_ACCESS_KEY", default=None),
        "region_name": env.str("S3_REGION", default="auto"),
        "file_overwrite": True,
        "default_acl": None,
        "object_parameters": {"CacheControl": FILE_CACHING},
        "client_config": SimpleLazyObject(_client_config),
    },
}
# Pictures: the most pixels and bytes of one that is uploaded; how many are read at once; what reading one may take.
CONTENT_MOST_PIXELS: int = env.int("CONTENT_MOST_PIXELS", default=25_000_000)
CONTENT_MOST_BYTES: int = env.int("CONTENT_MOST_BYTES", default=5 * 1024 * 1024)
# Sound and video: the most bytes and seconds of one.
CONTENT_MOST_MEDIA_BYTES: int = env.int("CONTENT_MOST_MEDIA_BYTES", default=50 * 1024 * 1024)
CONTENT_MOST_SECONDS: int = env.int("CONTENT_MOST_SECONDS", default=1800)
# LUFS that sound is set to; its peaks stay below -1.5 dBTP.
CONTENT_LOUDNESS: float = env.float("CONTENT_LOUDNESS", default=-16.0)
# Documents: the most bytes and pages of a PDF, the most bytes of a text.
CONTENT_MOST_PDF_BYTES: int = env.int("CONTENT_MOST_PDF_BYTES", default=20 * 1024 * 1024)
CONTENT_MOST_PAGES: int = env.int("CONTENT_MOST_PAGES", default=500)
CONTENT_MOST_TEXT_BYTES: int = env.int("CONTENT_MOST_TEXT_BYTES", default=1024 * 1024)
CONTENT_WORKERS: int = env.int("CONTENT_WORKERS", default=2)
CONTENT_MEMORY: int = env.int("CONTENT_MEMORY", default=768 * 1024 * 1024)
# Bytes that all files of one campaign, and all files of one person, may take.
CONTENT_CAMPAIGN_QUOTA: int = env.int("CONTENT_CAMPAIGN_QUOTA", default=1024**3)
CONTENT_USER_QUOTA: int = env.int("CONTENT_USER_QUOTA", default=1024**3)
# Hours for which a picture that was replaced or removed can still be brought back.
CONTENT_KEPT_HOURS: int = env.int("CONTENT_KEPT_HOURS", default=24)
STORAGES = {
    "default": S3_FILES if S3_BUCKET else LOCAL_FILES,
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "config.staticfiles.HashedModulesStorage",
    },
}

# --- People -------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]

# Other houses whose accounts sign people in, where both halves of the credential are set (accounts/providers.py).
SOCIAL_AUTH_DISCORD_KEY: str = env.str("DISCORD_CLIENT_ID", default="")
SOCIAL_AUTH_DISCORD_SECRET: str = env.str("DISCORD_CLIENT_SECRET", default="")
SOCIAL_AUTH_TWITCH_KEY: str = env.str("TWITCH_CLIENT_ID", default="")
SOCIAL_AUTH_TWITCH_SECRET: str = env.str("TWITCH_CLIENT_SECRET", default="")
SOCIAL_AUTH_GOOGLE_KEY: str = env.str("GOOGLE_CLIENT_ID", default="")
SOCIAL_AUTH_GOOGLE_SECRET: str = env.str("GOOGLE_CLIENT_SECRET", default="")
SIGN_IN_PROVIDERS: dict[str, str] = {
    name: title
    for name, title, is_complete in (
        ("discord", "Discord", SOCIAL_AUTH_DISCORD_KEY and SOCIAL_AUTH_DISCORD_SECRET),
        ("twitch", "Twitch", SOCIAL_AUTH_TWITCH_KEY and SOCIAL_AUTH_TWITCH_SECRET),
        ("google", "Google", SOCIAL_AUTH_GOOGLE_KEY and SOCIAL_AUTH_GOOGLE_SECRET),
    )
    if is_complete
}
AUTHENTICATION_BACKENDS += [f"accounts.providers.{name.title()}" for name in SIGN_IN_PROVIDERS]
# Where the policy for pages lets forms lead to, and pictures come from.
_PROVIDER_ORIGINS = {
    "discord": ("https://discord.com", "https://cdn.discordapp.com"),
    "twitch": ("https://id.twitch.tv", "https://static-cdn.jtvnw.net"),
    "google": ("https://accounts.google.com", "https://lh3.googleusercontent.com"),
}
SIGN_IN_ORIGINS = [_PROVIDER_ORIGINS[name][0] for name in SIGN_IN_PROVIDERS]
AVATAR_ORIGINS = [_PROVIDER_ORIGINS[name][1] for name in SIGN_IN_PROVIDERS]
SOCIAL_AUTH_URL_NAMESPACE = "accounts:social"
SOCIAL_AUTH_STRATEGY = "accounts.providers.Strategy"
SOCIAL_AUTH_REQUESTS_TIMEOUT = 4  # seconds for each of the two questions to a house
# Nobody is ever found by an e-mail address (associate_by_email), and no token of a house is kept (load_extra_data).
SOCIAL_AUTH_PIPELINE = (
    "social_core.pipeline.social_auth.social_details",
    "social_core.pipeline.social_auth.social_uid",
    "social_core.pipeline.social_auth.auth_allowed",
    "social_core.pipeline.social_auth.social_user",
    "accounts.providers.newcomer",
    "social_core.pipeline.social_auth.associate_user",
    "accounts.providers.portrait",
    "accounts.providers.second_step",
)

PASSWORD_RESET_TIMEOUT = 3600  # seconds for which a link to a new password works
# Guessing passwords: five wrong ones for a name from an address, then nothing for 15 minutes. By both together, so that
# nobody can lock somebody else out; how much one address may ask at all is limited besides.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "accounts.lockout.locked_out"
AXES_CLIENT_IP_CALLABLE = "accounts.addresses.client_address"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "code", "csrfmiddlewaretoken"]
AXES_DISABLE_ACCESS_LOG = True  # the audit trail tells of sign-ins
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
# How often one person, token or address may ask (accounts/limits.py), as "number/second", minute, hour or day.
RATE_LIMITS: bool = env.str("RATE_LIMITS", default="on") != "off"
RATES = {
    "read": env.str("RATE_READ", default="1200/minute"),
    "write": env.str("RATE_WRITE", default="600/minute"),
    "auth": env.str("RATE_AUTH", default="20/minute"),
    "token": env.str("RATE_TOKEN", default="60/minute"),
    "upload": env.str("RATE_UPLOAD", default="60/minute"),
    "vote": env.str("RATE_VOTE", default="60/minute"),
    "guess": env.str("RATE_GUESS", default="60/minute"),
}
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
SESSION_ENGINE = "accounts.hashed_sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.views.csrf_failure"

# --- Transport ----------------------------------------------------------------------------------------------------

HTTPS_ONLY: bool = env.bool("HTTPS_ONLY", default=not DEBUG)
SECURE_SSL_REDIRECT = HTTPS_ONLY
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SESSION_COOKIE_SECURE = HTTPS_ONLY
CSRF_COOKIE_SECURE = HTTPS_ONLY
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31536000 if HTTPS_ONLY else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS_ONLY
SECURE_HSTS_PRELOAD = HTTPS_ONLY
if env.bool("BEHIND_TLS_PROXY", default=False):  # only where the proxy overwrites this header
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 50
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

CORS_ALLOWED_ORIGINS: list[str] = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_ALLOW_CREDENTIALS = False
CORS_URLS_REGEX = r"^/api/.*$"
CORS_ALLOW_HEADERS = ["content-type", "x-token", "idempotency-key", "if-none-match", "authorization"]
CORS_EXPOSE_HEADERS = [
    *("etag", "x-request-id", "retry-after", "www-authenticate"),
    *("ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"),
]

# Files come from the bucket: by its public host, or sent on by /media/ with a signature.
_FILE_ORIGINS = [
    *([f"https://{S3_PUBLIC_DOMAIN}"] if S3_BUCKET and S3_PUBLIC_DOMAIN else []),
    *(["/".join(S3_ENDPOINT_URL.split("/")[:3])] if S3_BUCKET and S3_ENDPOINT_URL else []),
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", *AVATAR_ORIGINS, *_FILE_ORIGINS, *env.list("CSP_IMAGE_ORIGINS", default=[])],
        "media-src": [SELF, *_FILE_ORIGINS],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF, *SIGN_IN_ORIGINS],
        "frame-ancestors": [NONE],
    },
}

# --- API ----------------------------------------------------------------------------------------------------------

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["campaigns.authentication.OneCredential"],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_THROTTLE_CLASSES": ["accounts.limits.Throttle"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["contract.parsers.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "contract.schema.ContractSchema",
    "EXCEPTION_HANDLER": "contract.errors.exception_handler",
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "rest_framework.negotiation.DefaultContentNegotiation",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Troupe",
    "DESCRIPTION": "Campaigns in front of an audience: characters, roster, events, layouts. See docs/api.md.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "ENUM_NAME_OVERRIDES": {
        "CharacterStatus": "characters.models.Status",
        "SiteRole": "accounts.models.SiteRole",
        "TeamRole": "accounts.models.TeamRole",
        "CampaignRole": "campaigns.models.Role",
        "ImportStatus": ["ok", "warning", "refused"],
        "ContentKind": "content.models.Kind",
        "JobState": "content.models.JobState",
        "TokenKind": "campaigns.models.TokenKind",
        "TrueOrFalse": ["true", "false"],
    },
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # With deep links every line would be a link inside a button, which no screen reader can tell apart.
    "SWAGGER_UI_SETTINGS": {"deepLinking": False},
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}

# --- Live ---------------------------------------------------------------------------------------------------------

LIVE_SOCKETS_PER_PROCESS: int = env.int("LIVE_SOCKETS_PER_PROCESS", default=12_000)
LIVE_SOCKETS_PER_ADDRESS: int = env.int("LIVE_SOCKETS_PER_ADDRESS", default=50)
LIVE_SOCKETS_PER_CAMPAIGN: int = env.int("LIVE_SOCKETS_PER_CAMPAIGN", default=12_000)
# Writes one ready frame to uvicorn's transport instead of stepping ASGI's send() for every socket.
LIVE_FAST_PATH: bool = env.bool("LIVE_FAST_PATH", default=True)
# Origins whose pages may open the live stream besides our own. Full origins: scheme, host, port.
LIVE_ALLOWED_ORIGINS: list[str] = env.list("LIVE_ALLOWED_ORIGINS", default=[])

# --- Sheets -------------------------------------------------------------------------------------------------------

# The World of Darkness lines are there by a revocable permission: off, there are no pages and no endpoints of theirs.
WOD_ENABLED: bool = env.bool("WOD_ENABLED", default=True)
# Sheets that one person may have of one line.
SHEETS_PER_LINE: int = env.int("SHEETS_PER_LINE", default=30)

# --- The rest -----------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True
EMAIL_BACKEND = env.str("EMAIL_BACKEND", default="django.core.mail.backends.console.EmailBackend")

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "contract.middleware.RequestIDFilter"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id"]}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "channels_redis": {"level": "ERROR"},
        "daphne": {"level": "WARNING"},
        "axes": {"level": "WARNING"},
        "social": {"level": "ERROR"},  # our own view says what failed, without what was sent
        "django.channels.server": {"handlers": ["stderr"], "propagate": False},  # else each line comes twice
    },
}
