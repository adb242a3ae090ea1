"""What governs the hotline: its centre, the classes, the dispatch catalogue, the local limits."""

from django.db import models


class RequestClass(models.Model):
    """A class of requests, in two levels."""

    code = models.CharField("代码", max_length=24, unique=True)
    name = models.CharField("名称", max_length=40)
    parent = models.CharField("上级代码", max_length=24, blank=True)
    words = models.JSONField("常用说法", default=list)
    from_on = models.DateField("起", null=True, help_text="空：一开始就有")
    to_on = models.DateField("止", null=True, help_text="失效首日")
    source = models.CharField("来源", max_length=80)

    class Meta:
        verbose_name = "诉求分类"
        verbose_name_plural = "诉求分类"
        db_table = "hotline_class"

    def __str__(self) -> str:
        return self.name


class CatalogueLine(models.Model):
    """Whose duty a class is, in a division and below it, from and to which day."""

    class_code = models.CharField("分类代码", max_length=24)
    division = models.CharField("区划代码", max_length=12, blank=True, help_text="空：全市")
    body_code = models.CharField("承办单位代码", max_length=32)
    basis = models.CharField("依据", max_length=200)
    from_on = models.DateField("起")
    to_on = models.DateField("止", null=True, help_text="失效首日")
    source = models.CharField("来源", max_length=80)

    class Meta:
        verbose_name = "派单目录"
        verbose_name_plural = "派单目录"
        db_table = "hotline_catalogue"
        constraints = [
            models.UniqueConstraint(
                fields=["class_code", "division", "body_code", "from_on"], name="hotline_catalogue_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.class_code} {self.body_code}"


class LocalLimit(models.Model):
    """A limit of this place, with the place whose rule it is."""

    key = models.CharField("时限", max_length=40)
    amount = models.PositiveIntegerField("数量")
    unit = models.CharField("单位", max_length=16)
    extension = models.PositiveIntegerField("可延长", default=0, help_text="同一单位；0为不能延长")
    place = models.CharField("出处", max_length=120)
    from_on = models.DateField("起")
    to_on = models.DateField("止", null=True, help_text="失效首日")
    source = models.CharField("来源", max_length=80)

    class Meta:
        verbose_name = "热线时限"
        verbose_name_plural = "热线时限"
        db_table = "hotline_limit"
        constraints = [models.UniqueConstraint(fields=["key", "from_on"], name="hotline_limit_once")]

    def __str__(self) -> str:
        return self.key


class Centre(models.Model):
    """The body that answers the hotline: one row."""

    body_code = models.CharField("热线中心代码", max_length=32)
    source = models.CharField("来源", max_length=80, unique=True)

    class Meta:
        verbose_name = "热线中心"
        verbose_name_plural = "热线中心"
        db_table = "hotline_centre"

    def __str__(self) -> str:
        return self.body_code


class Change(models.Model):
    """A change of classes, catalogue or limits: proposed by one person, approved by another."""

    number = models.CharField("编号", max_length=12, unique=True)
    kind = models.CharField("改什么", max_length=12)
    values = models.JSONField("内容")
    document = models.CharField("依据", max_length=200)
    starts_on = models.DateField("从哪天起")
    state = models.CharField("状态", max_length=12)
    proposed_by = models.BigIntegerField("提出人员编号", null=True)
    proposed_post = models.CharField("提出岗位", max_length=32)
    proposed_at = models.DateTimeField("提出时刻", help_text="UTC")
    decided_by = models.BigIntegerField("审核人员编号", null=True)
    decided_post = models.CharField("审核岗位", max_length=32, blank=True)
    decided_at = models.DateTimeField("审核时刻", null=True, help_text="UTC")
    reason = models.CharField("不同意的理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "热线规则的改动"
        verbose_name_plural = "热线规则的改动"
        db_table = "hotline_change"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["proposed", "approved", "refused"]),
                name="hotline_change_state_known",
            )
        ]

    def __str__(self) -> str:
        return self.number
