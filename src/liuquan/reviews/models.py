"""Tables of the reviews. The words of a review stand in the private part of its entry in the journal."""

from django.db import models
from django.db.models import Q


class Service(models.Model):
    """A service event that can be reviewed: one row an entry of the journal."""

    entry = models.UUIDField("日志编号", unique=True)
    number = models.CharField("案件编号", max_length=40)
    kind = models.CharField("案件类别", max_length=40)
    event = models.CharField("服务事项", max_length=80)
    label = models.CharField("服务事项名称", max_length=80)
    body_code = models.CharField("机关代码", max_length=32)
    body_name = models.CharField("机关名称", max_length=200)
    happened_at = models.DateTimeField("发生时刻", help_text="UTC")

    class Meta:
        verbose_name = "可评价的服务"
        verbose_name_plural = "可评价的服务"
        db_table = "reviews_service"
        indexes = [
            models.Index(fields=["number"], name="reviews_service_number"),
            models.Index(fields=["body_code", "happened_at"], name="reviews_service_body"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.label}"


class Review(models.Model):
    """What the holder of the slip said of a service event. The database refuses to change or delete it."""

    service = models.OneToOneField(Service, models.PROTECT, related_name="review", verbose_name="服务")
    entry = models.UUIDField("日志编号", unique=True)
    grade = models.PositiveSmallIntegerField("等级", help_text="5非常满意……1非常不满意")
    given_at = models.DateTimeField("评价时刻", help_text="UTC")

    class Meta:
        verbose_name = "评价"
        verbose_name_plural = "评价"
        db_table = "reviews_review"
        constraints = [
            models.CheckConstraint(condition=Q(grade__gte=1, grade__lte=5), name="reviews_review_five_grades")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Rectification(models.Model):
    """The case that puts a bad review right."""

    case = models.OneToOneField("casework.Case", models.PROTECT, primary_key=True, verbose_name="案件")
    review = models.OneToOneField(Review, models.PROTECT, related_name="rectification", verbose_name="评价")

    class Meta:
        verbose_name = "差评整改"
        verbose_name_plural = "差评整改"
        db_table = "reviews_rectification"

    def __str__(self) -> str:
        return str(self.pk)


class LocalLimit(models.Model):
    """A limit of this place for rectifications."""

    key = models.CharField("时限", max_length=40)
    amount = models.PositiveIntegerField("数量")
    unit = models.CharField("单位", max_length=16)
    place = models.CharField("出处", max_length=120)
    from_on = models.DateField("起")
    source = models.CharField("来源", max_length=80)

    class Meta:
        verbose_name = "整改时限"
        verbose_name_plural = "整改时限"
        db_table = "reviews_limit"
        constraints = [models.UniqueConstraint(fields=["key", "from_on"], name="reviews_limit_once")]

    def __str__(self) -> str:
        return self.key
