"""A small Wagtail site; where its files are and which gate it has, the test says."""

import json
import os
import sys
from pathlib import Path

_SAID = json.loads(os.environ["XIANSHEN_TEST_SITE"])
BASE_DIR = Path(_SAID["folder"])
sys.path.append(str(BASE_DIR))
SECRET_KEY = "invented-for-the-tests-and-nothing-else"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
ROOT_URLCONF = "site_urls"
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_CODE = "zh-hans"
WAGTAIL_I18N_ENABLED = True
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
STATIC_URL = "/static/"
MEDIA_URL = "/media/"
MEDIA_ROOT = BASE_DIR / "media"
WAGTAIL_SITE_NAME = "云山新闻网"
WAGTAILADMIN_BASE_URL = _SAID["address"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": BASE_DIR / "db.sqlite3",
        "OPTIONS": {
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF",
        },
    }
}
INSTALLED_APPS = [
    "xianshen_wagtail",
    "news",
    "wagtail.contrib.settings",
    "wagtail.contrib.typed_table_block",
    "wagtail.api.v2",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "rest_framework",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "xianshen_wagtail.middleware.XianshenMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ]
        },
    }
]
MIGRATION_MODULES = {"news": "news_made"}  # in the test's folder: made anew each time
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Django says what it will change one day; that is not what is tried here.
SILENCED_SYSTEM_CHECKS = ["security", "wagtailadmin.W003"]
XIANSHEN = _SAID["xianshen"]
LOGGING = {"version": 1, "disable_existing_loggers": False}
if _SAID.get("quiet", True):
    LOGGING |= {
        "handlers": {"none": {"class": "logging.NullHandler"}},
        "root": {"handlers": ["none"]},
        "loggers": {"django": {"handlers": ["none"], "propagate": False}},
    }
