"""What one version contains, in rows: bases, materials, fees, questions, and the steps of its route.

A trigger refuses any change here once the version is published.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from liuquan.catalogue.types import BasisLevel, MaterialForm, MaterialKind, Necessity, StepKind

from .versions import ItemVersion

KEY = r"^[a-z][a-z0-9_]{0,39}$"


class LegalBasis(models.Model):
    """One article on which the power rests. Without one nothing is published. Cites: 行政许可法 第四条"""

    version = models.ForeignKey(ItemVersion, on_delete=models.CASCADE, related_name="bases")
    position = models.PositiveSmallIntegerField("顺序")
    instrument = models.CharField("法律法规名称", max_length=100)
    article = models.CharField("条款", max_length=60, help_text="例：第三十五条第一款")
    level = models.CharField("层级", max_length=20, choices=BasisLevel.choices())
    text = models.TextField("条文", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "设定依据"
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(
                fields=("version", "instrument", "article"), name="basis_once_per_version"
            ),
            models.CheckConstraint(
                condition=~Q(instrument="") & ~Q(article=""), name="basis_names_an_article"
            ),
        )

    def __str__(self) -> str:
        return f"{self.instrument} {self.article}"


class RequiredMaterial(models.Model):
    """One material of the complete list. Cites: 行政许可法 第三十条, 行政许可法 第三十一条"""

    version = models.ForeignKey(ItemVersion, on_delete=models.CASCADE, related_name="materials")
    position = models.PositiveSmallIntegerField("顺序")
    key = models.CharField("键", max_length=40)
    name = models.CharField("材料名称", max_length=200)
    necessity = models.CharField("必要性", max_length=10, choices=Necessity.choices())
    kind = models.CharField("材料类型", max_length=12, choices=MaterialKind.choices())
    form = models.CharField("材料形式", max_length=12, choices=MaterialForm.choices())
    originals = models.PositiveSmallIntegerField("原件份数", default=1, help_text="份")
    copies = models.PositiveSmallIntegerField("复印件份数", default=0, help_text="份")
    accept_standard = models.CharField("受理标准", max_length=500, blank=True)
    fill_notes = models.CharField("填报须知", max_length=500, blank=True)
    source = models.CharField("来源渠道", max_length=200, blank=True)
    basis = models.CharField("要求依据", max_length=300, blank=True)
    sample_url = models.CharField("示例样表", max_length=500, blank=True)
    blank_url = models.CharField("空白表格", max_length=500, blank=True)
    example = models.TextField("示例文字", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "申请材料"
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("version", "key"), name="material_key_once_per_version"),
            models.CheckConstraint(condition=Q(key__regex=KEY), name="material_key_is_a_key"),
            models.CheckConstraint(
                condition=Q(originals__gt=0) | Q(copies__gt=0), name="material_is_some_paper"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Fee(models.Model):
    """One charge. No charge without its own basis. Cites: 行政许可法 第五十八条, 行政许可法 第五十九条"""

    version = models.ForeignKey(ItemVersion, on_delete=models.CASCADE, related_name="fees")
    position = models.PositiveSmallIntegerField("顺序")
    key = models.CharField("键", max_length=40)
    name = models.CharField("收费项目", max_length=100)
    standard_text = models.CharField("收费标准", max_length=300)
    amount_fen = models.PositiveBigIntegerField("定额", null=True, help_text="分；按标准计算的为空")
    basis = models.CharField("收费依据", max_length=300)
    waiver = models.CharField("减免规定", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "收费项目"
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("version", "key"), name="fee_key_once_per_version"),
            models.CheckConstraint(
                condition=~Q(basis="") & ~Q(standard_text=""), name="fee_has_standard_and_basis"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Question(models.Model):
    """A frequent question and its answer."""

    version = models.ForeignKey(ItemVersion, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField("顺序")
    question = models.CharField("问题", max_length=200)
    answer = models.TextField("解答")

    class Meta:
        verbose_name = verbose_name_plural = "常见问题"
        ordering = ("position",)

    def __str__(self) -> str:
        return self.question


class RouteStep(models.Model):
    """One step of the route: task, standard, condition, limit and responsible post."""

    version = models.ForeignKey(ItemVersion, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField("顺序")
    key = models.CharField("键", max_length=40)
    name = models.CharField("环节名称", max_length=60)
    kind = models.CharField("环节种类", max_length=16, choices=StepKind.choices())
    task = models.CharField("工作任务", max_length=300)
    standard = models.CharField("办理标准", max_length=500)
    condition = models.CharField("办理条件", max_length=300, blank=True)
    post_code = models.CharField("责任岗位", max_length=64, help_text="岗位代码")
    limit_days = models.PositiveSmallIntegerField("环节时限", help_text="工作日，0 为当日")
    officers = models.PositiveSmallIntegerField("参加人数", default=1, help_text="人")
    after = ArrayField(models.CharField(max_length=40), verbose_name="前序环节", default=list, blank=True)
    documents = ArrayField(
        models.CharField(max_length=100), verbose_name="形成文书", default=list, blank=True
    )

    class Meta:
        verbose_name = verbose_name_plural = "办理环节"
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("version", "key"), name="step_key_once_per_version"),
            models.CheckConstraint(condition=Q(key__regex=KEY), name="step_key_is_a_key"),
            models.CheckConstraint(
                condition=~Q(kind=StepKind.SITE_CHECK.value) | Q(officers__gte=2),
                name="site_check_by_two_officers",
            ),
            models.CheckConstraint(condition=Q(officers__gte=1), name="step_is_done_by_somebody"),
        )

    def __str__(self) -> str:
        return self.name
