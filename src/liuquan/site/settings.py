"""Django's settings. Everything that differs between installations comes from the home and the environment.

Read from the environment: `LIUQUAN_HOME`; `DATABASE_URL` and `DATABASE_OWNER_URL` (a server of your own);
`LIUQUAN_DATABASE_ROLE` (`app`, or `owner` for migrations); `LIUQUAN_HOSTS` (names the site answers to, with
commas); `LIUQUAN_HTTPS=1` (behind TLS: secure cookies, HSTS); `LIUQUAN_POOL_SIZE` (connections a process);
`LIUQUAN_SITE_NAME`, `_BODY`, `_PHONE` (whose site it is); `LIUQUAN_LOG_ORIGIN` (the log's name, for ever),
`LIUQUAN_WITNESS_QUORUM`; messages to people: `LIUQUAN_SMS_GATEWAY` (the path of a class),
`LIUQUAN_SMTP_HOST`, `_PORT`, `_USER`, `_PASSWORD`, `_FROM`, `_TLS`, `LIUQUAN_QUIET_HOURS`;
`LIUQUAN_PHONE` (the path of a class), `LIUQUAN_PHONE_SECRET` (of the hotline's phone system);
`LIUQUAN_IMAP_HOST`, `_PORT`, `_USER`, `_PASSWORD`, `_FOLDER`, `_TLS`, `_ADDRESS`, `_JUDGE` (of its mailbox);
`LIUQUAN_NATIONAL_CRYPTO=1` (国密: SM2, SM3, SM4; `docs/keys.md`); `LIUQUAN_DEMO=1`, `LIUQUAN_DEBUG=1`.
"""

import os

from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured

from liuquan import layers
from liuquan.kernel.home import current_home
from liuquan.messages.rules import QuietHours
from liuquan.site.settings_database import database, secret_key

HOME = current_home()
DEBUG = os.environ.get("LIUQUAN_DEBUG") == "1"
HTTPS = os.environ.get("LIUQUAN_HTTPS") == "1"
SECRET_KEY = secret_key(HOME)
ALLOWED_HOSTS = [
    name.strip()
    for name in os.environ.get("LIUQUAN_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
    if name.strip()
]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "allauth",
    "allauth.account",
    "procrastinate.contrib.django",
    *layers.installed_apps(),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "liuquan.kernel.middleware.EdgeMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "liuquan.journal.log.plain_answers.PlainAnswers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "liuquan.site.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "liuquan.site.urls"
WSGI_APPLICATION = "liuquan.site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_LOADERS = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": _LOADERS if DEBUG else [("django.template.loaders.cached.Loader", _LOADERS)],
            "builtins": ["django_cotton.templatetags.cotton", "liuquan.kernel.templatetags.wrong_fields"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "liuquan.kernel.pages.look",
                "liuquan.site.banners.banners",
            ],
        },
    }
]

DATABASES = {"default": database(HOME)}
# Rate limits are kept here: with Django's default of 300 rows, a flood of requests would evict all counts.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "kernel_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/begin/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "liuquan.site.account_views.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
# Failed logins, per account and per address; in the database cache, so that all processes count together.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "20/m/ip,5/300s/key"}

CSRF_FAILURE_VIEW = "liuquan.kernel.problems.csrf_failure"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "liuquan.kernel.problems.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Scripts come from our own files only; style attributes are the one allowance.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "style-src-attr": [UNSAFE_INLINE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# What every page says about whose site it is.
LIUQUAN_DEMO = os.environ.get("LIUQUAN_DEMO") == "1"
LIUQUAN_SITE_NAME = os.environ.get("LIUQUAN_SITE_NAME", "政务服务中心")
LIUQUAN_SITE_BODY = os.environ.get("LIUQUAN_SITE_BODY", "")
LIUQUAN_SITE_PHONE = os.environ.get("LIUQUAN_SITE_PHONE", "12345")
LIUQUAN_PUBLIC_URL = os.environ.get("LIUQUAN_PUBLIC_URL", "http://127.0.0.1:8000")
# Values of the place, from its pack: how cases of each kind (LIUQUAN_NUMBER_ and the kind) and papers are
# numbered, and the share of the promised limit after which the lamp is yellow.
LIUQUAN_NUMBER_PATTERNS = {
    name.removeprefix("LIUQUAN_NUMBER_").lower(): pattern
    for name, pattern in os.environ.items()
    if name.startswith("LIUQUAN_NUMBER_")
}
LIUQUAN_PAPER_NUMBER = os.environ.get("LIUQUAN_PAPER_NUMBER", "{kind}字〔{year}〕{serial:05d}号")
LIUQUAN_YELLOW_SHARE = os.environ.get("LIUQUAN_YELLOW_SHARE", "0.9")
# Where the law leaves a choice in counting: a last day ends at "midnight" or at the "close" of business
# (民法典 第二百零三条), what is filed online after hours counts "at_once" or from the "next_working_time".
LIUQUAN_DAY_ENDS = os.environ.get("LIUQUAN_DAY_ENDS", "midnight")
LIUQUAN_AFTER_HOURS = os.environ.get("LIUQUAN_AFTER_HOURS", "at_once")
if LIUQUAN_DAY_ENDS not in ("midnight", "close"):
    raise ImproperlyConfigured("LIUQUAN_DAY_ENDS 可以写 midnight 或者 close，请核对环境变量。")
if LIUQUAN_AFTER_HOURS not in ("at_once", "next_working_time"):
    raise ImproperlyConfigured("LIUQUAN_AFTER_HOURS 可以写 at_once 或者 next_working_time，请核对环境变量。")
LIUQUAN_COUNTING_SOURCE = os.environ.get("LIUQUAN_COUNTING_SOURCE", "")
# The record: the log's name, for ever part of it, and how many witnesses a reader is to ask for.
LIUQUAN_LOG_ORIGIN = os.environ.get("LIUQUAN_LOG_ORIGIN", "localhost/log")
LIUQUAN_WITNESS_QUORUM = int(os.environ.get("LIUQUAN_WITNESS_QUORUM", "0"))

# Messages to people: who carries them (a demo keeps them all), and the full hours of the night in which
# nobody is told anything ("21-8": from nine in the evening to eight in the morning).
EMAIL_HOST = os.environ.get("LIUQUAN_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("LIUQUAN_SMTP_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("LIUQUAN_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("LIUQUAN_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("LIUQUAN_SMTP_TLS", "1") == "1"
EMAIL_TIMEOUT = 20  # seconds
DEFAULT_FROM_EMAIL = os.environ.get("LIUQUAN_SMTP_FROM", "noreply@localhost")
_OUTBOX = "liuquan.messages.actions.outbox.OutboxGateway" if LIUQUAN_DEMO else ""
LIUQUAN_GATEWAYS = {
    "sms": os.environ.get("LIUQUAN_SMS_GATEWAY", "") or _OUTBOX,
    "email": "liuquan.messages.gateways.SmtpGateway" if EMAIL_HOST else _OUTBOX,
}
LIUQUAN_QUIET_HOURS = os.environ.get("LIUQUAN_QUIET_HOURS", "21-8")
try:
    QuietHours.read(LIUQUAN_QUIET_HOURS)
except ValueError as wrong:
    raise ImproperlyConfigured("LIUQUAN_QUIET_HOURS 写两个整点，例如 21-8，请核对环境变量。") from wrong

# The hotline's phone system: the class that speaks to it (a demo has one of its own), and the secret by which
# its events are known. Without a secret no event is taken.
LIUQUAN_PHONE = os.environ.get("LIUQUAN_PHONE", "") or (
    "liuquan.hotline.actions.stand_in.StandInPhone" if LIUQUAN_DEMO else ""
)
LIUQUAN_PHONE_SECRET = os.environ.get("LIUQUAN_PHONE_SECRET", "")

# The hotline's mailbox, read by IMAP; without a host there is none. `_ADDRESS`: its own address; `_JUDGE`:
# the name by which the mail server of this place signs what it found of a sender (RFC 8601).
LIUQUAN_IMAP_HOST = os.environ.get("LIUQUAN_IMAP_HOST", "")
LIUQUAN_IMAP_PORT = int(os.environ.get("LIUQUAN_IMAP_PORT", "993"))
LIUQUAN_IMAP_USER = os.environ.get("LIUQUAN_IMAP_USER", "")
LIUQUAN_IMAP_PASSWORD = os.environ.get("LIUQUAN_IMAP_PASSWORD", "")
LIUQUAN_IMAP_FOLDER = os.environ.get("LIUQUAN_IMAP_FOLDER", "INBOX")
LIUQUAN_IMAP_TLS = os.environ.get("LIUQUAN_IMAP_TLS", "1") == "1"
LIUQUAN_IMAP_ADDRESS = os.environ.get("LIUQUAN_IMAP_ADDRESS", "") or LIUQUAN_IMAP_USER
LIUQUAN_IMAP_JUDGE = os.environ.get("LIUQUAN_IMAP_JUDGE", "")

# The navigation of each part of the site: label, URL name, keyboard key, and of which roles or acts (".act",
# of any kind) a post needs one to see it. What a post may not open is not offered to it.
_HANDLE = (
    *("window_clerk", "examiner", "approver", "chief_rep", "body_head", "centre_officer", "hall_manager"),
    *("operator", "dispatcher", "unit_contact"),
)
_WATCH = ("supervisor", "leader", "overseer")
LIUQUAN_NAV = {
    "portal": [
        ("首页", "home", ""),
        ("找事项", "item_list", ""),
        ("查进度", "track", ""),
        ("我的办件", "mine", ""),
        ("反映诉求", "hotline", ""),
        ("接着办", "draft_resume", ""),
        ("办理结果", "results", ""),
        ("机构和岗位", "body_list", ""),
        ("算期限", "clock", ""),
        ("帮助", "help", ""),
    ],
    "staff": [
        ("看板", "board", "b", *_WATCH),
        ("监察发现", "board-findings", "f", *_WATCH),
        ("案件", "board-cases", "c", *_WATCH),
        ("热线看板", "board-hotline", "", "supervisor", "leader", "dispatcher"),
        ("接听大屏", "desk-hotline-wall", "", *_WATCH),
        ("查看记录", "board-readings", "", "supervisor"),
        ("我的待办", "desk", "w", *_HANDLE),
        ("回访单", "desk-hotline-callbacks", "", "dispatcher"),
        ("承办网络", "desk-hotline-network", "", "operator", "unit_contact"),
        ("收件", "desk-intake", "n", ".submit"),
        ("诉求登记", "desk-hotline-new", "h", ".register"),
        ("来电", "desk-hotline-calls", "l", "operator", "dispatcher"),
        ("找人", "desk-people", "f", "window_clerk", "centre_officer"),
        ("案件", "desk-cases", "c", *_HANDLE),
        ("监察", "board-own", "", *_HANDLE),
        ("知识库", "hotline-knowledge", "", "operator", "dispatcher", "unit_contact"),
        ("窗口咨询", "hotline-consult", "", ".consult"),
        ("派单目录", "hotline-catalogue", "", ".govern", ".approve"),
        ("服务违诺", "desk-service-default", "", ".record_default"),
        ("工作日历", "desk-calendar", "", "sysadmin"),
        ("待核对的数据", "desk-law", "", "sysadmin"),
        ("消息发送", "desk-messages", "", "sysadmin"),
        ("监察规则", "board-rules", "", *_WATCH),
    ],
    "actor": [("岗位", "desk-post", "")],
}

STATIC_URL = "static/"
STATIC_ROOT = HOME.root / "static"
HASHED_STORAGE = "whitenoise.storage.CompressedManifestStaticFilesStorage"
_PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
COLLECTED = (STATIC_ROOT / "staticfiles.json").is_file()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": HASHED_STORAGE if COLLECTED and not DEBUG else _PLAIN},
}
WHITENOISE_USE_FINDERS = not COLLECTED
WHITENOISE_AUTOREFRESH = DEBUG

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_ON_APP_READY = "liuquan.kernel.jobs.on_app_ready"

# The log names views, statuses and exceptions; it never carries request bodies or values of fields.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "liuquan": {"level": "INFO"},
        "procrastinate": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
    },
}
