"""The worker's process: `python -m liuquan.site.worker`, kept running by `liuquan serve` and `worker`."""

import asyncio
import os

import django


def main() -> None:
    """Do jobs until told to stop; end with an error when the database goes away."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liuquan.site.settings")
    django.setup()
    from liuquan.kernel import jobs  # needs Django to be set up

    asyncio.run(jobs.run_worker())


if __name__ == "__main__":
    main()
