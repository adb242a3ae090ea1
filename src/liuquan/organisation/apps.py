"""Django's entry for the organisation."""

from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    """Divisions, bodies, posts, people, mandates and working days."""

    name = "liuquan.organisation"
    label = "organisation"
    verbose_name = "机构与授权"
    default_auto_field = "django.db.models.BigAutoField"
