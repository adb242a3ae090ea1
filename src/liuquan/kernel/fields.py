"""Column types of PostgreSQL that Django does not bring."""

from django.db import models


class LtreeField(models.TextField):
    """A path of labels from the root down (`ltree`), for "this division and everything below it"."""

    def db_type(self, connection: object) -> str:
        return "ltree"
