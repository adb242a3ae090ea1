"""What was learnt from texts, and what was suggested for each ticket."""

from django.db import models


class TrainedModel(models.Model):
    """A model that was put to use: what it was made from, and what it reached on rows it had not seen."""

    code = models.CharField("模型编号", max_length=12, unique=True, help_text="模型文件的校验值开头")
    source = models.CharField("来自", max_length=8)
    used_at = models.DateTimeField("启用时刻", help_text="UTC")
    in_use = models.BooleanField("正在使用")
    data_name = models.CharField("数据", max_length=120, blank=True)
    data_sha256 = models.CharField("数据的校验值", max_length=64)
    rows = models.PositiveIntegerField("条数")
    labels = models.JSONField("每类条数")
    macro_f1 = models.FloatField("交叉验证宏平均F1", null=True, help_text="空：没有验证")

    class Meta:
        verbose_name = "归类模型"
        verbose_name_plural = "归类模型"
        db_table = "hotline_trained_model"
        constraints = [
            models.UniqueConstraint(
                fields=["in_use"], condition=models.Q(in_use=True), name="hotline_model_one_in_use"
            ),
            models.CheckConstraint(
                condition=models.Q(source__in=["file", "tickets"]), name="hotline_model_source_known"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class SuggestionShown(models.Model):
    """What was suggested for a ticket, when it was registered; written with it."""

    case = models.OneToOneField("casework.Case", models.PROTECT, primary_key=True, verbose_name="案件")
    model = models.CharField("模型编号", max_length=12, blank=True, help_text="空：按常用说法")
    class_code = models.CharField("建议的归类", max_length=24, blank=True, help_text="空：没有建议")
    score = models.PositiveSmallIntegerField("把握", null=True, help_text="千分比；空：按常用说法，不打分")
    second_code = models.CharField("第二个建议", max_length=24, blank=True)
    body_code = models.CharField("建议的承办单位", max_length=32, blank=True)
    filed_code = models.CharField("登记时的归类", max_length=24)
    seen = models.CharField("显示在哪里", max_length=8)
    shown_at = models.DateTimeField("时刻", help_text="UTC")

    class Meta:
        verbose_name = "归类建议"
        verbose_name_plural = "归类建议"
        db_table = "hotline_suggestion"
        indexes = [models.Index(fields=["shown_at"], name="hotline_suggestion_shown")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(seen__in=["screen", "ticket"]), name="hotline_suggestion_seen_known"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
