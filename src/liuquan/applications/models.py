"""What an application holds besides its case: the item's version, one-time notices."""

from django.db import models


class Application(models.Model):
    """The part of a case that belongs to a service item: the version applied for, and its publicity."""

    case = models.OneToOneField("casework.Case", models.PROTECT, primary_key=True, verbose_name="案件")
    item_code = models.CharField("事项编码", max_length=64)
    item_version = models.BigIntegerField("事项版本编号")
    #: moment the result may be read by anyone on the portal
    publicised_at = models.DateTimeField("公示时刻", null=True)

    class Meta:
        verbose_name = "办件"
        verbose_name_plural = "办件"
        db_table = "applications_application"

    def __str__(self) -> str:
        return str(self.pk)


class Supplement(models.Model):
    """What one one-time notice asked for: all that was missing, at once."""

    case = models.ForeignKey("casework.Case", models.PROTECT, verbose_name="案件")
    items = models.JSONField("材料", default=list, help_text="事项材料清单中的键")
    notified_at = models.DateTimeField("告知时刻")

    class Meta:
        verbose_name = "补正告知"
        verbose_name_plural = "补正告知"
        db_table = "applications_supplement"

    def __str__(self) -> str:
        return f"{self.case_id}"
