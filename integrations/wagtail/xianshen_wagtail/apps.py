"""The application: guards stand as soon as Django has started."""

from django.apps import AppConfig


class XianshenConfig(AppConfig):
    """先审 in a Wagtail site."""

    name = "xianshen_wagtail"
    verbose_name = "先审"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the guards in their places."""
        # Models can be imported only now.
        from xianshen_wagtail import (  # noqa: PLC0415 - see above
            api,
            blocking,
            checks,  # noqa: F401 - registers what `manage.py check` looks at
            editing,
        )

        api.install()
        blocking.install()
        editing.install()
