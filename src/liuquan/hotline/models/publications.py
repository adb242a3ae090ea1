"""Answers that anybody may read: the question and the answer as they were edited for that, masked."""

from django.db import models


class Publication(models.Model):
    """One published answer of a ticket. The original stays in the record of the ticket."""

    case = models.OneToOneField("casework.Case", models.PROTECT, verbose_name="案件")
    question = models.TextField("公开的问题", help_text="已隐去姓名、电话和证件号码")
    answer = models.TextField("公开的答复", help_text="已隐去姓名、电话和证件号码")
    class_code = models.CharField("分类代码", max_length=24)
    class_name = models.CharField("分类", max_length=40)
    division = models.CharField("区划代码", max_length=12)
    body_name = models.CharField("答复单位", max_length=200)
    received_at = models.DateTimeField("登记时刻", help_text="UTC")
    published_at = models.DateTimeField("公开时刻", help_text="UTC")
    withdrawn_at = models.DateTimeField("撤下时刻", null=True, help_text="UTC")

    class Meta:
        verbose_name = "公开的答复"
        verbose_name_plural = "公开的答复"
        db_table = "hotline_publication"
        indexes = [models.Index(fields=["-published_at"], name="hotline_publication_newest")]

    def __str__(self) -> str:
        return str(self.pk)
