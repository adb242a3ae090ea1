"""Jobs: what is done soon, outside the request, by the worker."""

import procrastinate


def on_app_ready(app: procrastinate.App) -> None:
    """Called by procrastinate when Django is up."""
