"""Column types of PostgreSQL that Django does not bring."""

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    Text = models.TextField[str, str]
else:
    # Django's fields take no type arguments while running.
    Text = models.TextField


class LtreeField(Text):
    """A path of labels from the root down (`ltree`), for "this division and everything below it"."""

    def db_type(self, connection: object) -> str:
        return "ltree"
