"""The site as people use it: `serve.py PORT`; says which pages there are, then serves."""

import json
import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - only once Django is set up
from driver.setting_up import set_up  # noqa: E402 - as above
from driver.things import admin, home, news  # noqa: E402 - as above
from wagtail.models import Workflow, WorkflowPage, WorkflowTask  # noqa: E402 - as above
from xianshen_wagtail.models import ReviewTask  # noqa: E402 - as above


def main() -> None:
    set_up()
    admin()
    flow = Workflow.objects.create(name="先审流程", active=True)
    task = ReviewTask.objects.create(name="先审")
    WorkflowTask.objects.create(workflow=flow, task=task, sort_order=0)
    WorkflowPage.objects.create(workflow=flow, page=home())
    made = [news(), news()]
    told = [{"pk": one.pk, "slug": one.slug, "text": one.intro} for one in made]
    print(json.dumps(told), flush=True)  # noqa: T201 - the test reads it
    call_command(
        "runserver",
        f"127.0.0.1:{sys.argv[1]}",
        use_reloader=False,
        insecure_serving=True,
        skip_checks=True,
    )


if __name__ == "__main__":
    main()
