"""Django's registration of the catalogue."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """The catalogue app; its label is the prefix of its tables."""

    name = "liuquan.catalogue"
    label = "catalogue"
    verbose_name = "事项目录"
    default_auto_field = "django.db.models.BigAutoField"
