"""Where the pages' templates come from."""

import functools

from jinja2 import Environment, PackageLoader, StrictUndefined, Template


@functools.cache
def template(name: str) -> Template:
    """Return a template of this folder; what it fills in is escaped."""
    environment = Environment(
        loader=PackageLoader("review.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)
