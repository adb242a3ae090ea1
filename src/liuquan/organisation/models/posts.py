"""Posts with their duty sheets, the people in them, what they may do, and who stands in."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from liuquan.organisation.models.places import Body, Division, Unit
from liuquan.organisation.models.ranges import Dated, in_order, no_overlap


class Post(models.Model):
    """The permanent row of a post: its code. Its name and duties are in `PostSheet`."""

    code = models.CharField("岗位编码", max_length=40, unique=True, help_text="如 SCJG-SC1")
    body = models.ForeignKey(Body, models.PROTECT, related_name="posts", verbose_name="机构")

    class Meta:
        verbose_name = "岗位"
        verbose_name_plural = "岗位"
        db_table = "post"

    def __str__(self) -> str:
        return self.code


class PostSheet(Dated):
    """职位职责说明 (HALL-02): name, unit, roles, duties, tasks, standards, limits of a post."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="sheets", verbose_name="岗位")
    name = models.CharField("名称", max_length=80)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="内设机构")
    roles = ArrayField(models.CharField(max_length=24), verbose_name="角色", help_text="角色标识")
    duties = ArrayField(models.CharField(max_length=400), verbose_name="职责")
    tasks = ArrayField(models.CharField(max_length=400), verbose_name="任务")
    standards = ArrayField(models.CharField(max_length=400), verbose_name="标准")
    limits = ArrayField(models.CharField(max_length=400), verbose_name="时限")

    class Meta:
        verbose_name = "职位职责说明"
        verbose_name_plural = "职位职责说明"
        db_table = "post_sheet"
        constraints = [no_overlap("post_sheet_one_at_a_time", "post"), in_order("post_sheet_dates_in_order")]

    def __str__(self) -> str:
        return self.name


class Staff(models.Model):
    """A member of staff. Signs in by the user account, when there is one."""

    number = models.CharField("工号", max_length=24, unique=True)
    name = models.CharField("姓名", max_length=80, help_text="公开的工作人员姓名")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="staff", verbose_name="登录账号"
    )
    source = models.CharField("来源", max_length=60, help_text="数据包或者导入的名称")

    class Meta:
        verbose_name = "工作人员"
        verbose_name_plural = "工作人员"
        db_table = "staff"

    def __str__(self) -> str:
        return self.name


class PostHolding(Dated):
    """Somebody holds a post."""

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="holdings", verbose_name="工作人员")
    post = models.ForeignKey(Post, models.PROTECT, related_name="holdings", verbose_name="岗位")

    class Meta:
        verbose_name = "任职"
        verbose_name_plural = "任职"
        db_table = "post_holding"
        constraints = [
            no_overlap("post_holding_once_at_a_time", "staff", "post"),
            in_order("post_holding_dates_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.post_id}"


class Mandate(Dated):
    """A line of the authorisation register: a post may take these actions on these items (CASE-11)."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="mandates", verbose_name="岗位")
    body = models.ForeignKey(
        Body,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="事项所属机构",
        help_text="监督授权为空",
    )
    actions = ArrayField(models.CharField(max_length=40), verbose_name="行为", help_text="行为标识")
    items = ArrayField(
        models.CharField(max_length=64), verbose_name="事项", help_text="事项编码；* 为全部；ABC* 为以ABC开头"
    )
    supervising = models.BooleanField("监督", default=False, help_text="只查看所辖区划的案件，不作决定")
    division = models.ForeignKey(
        Division,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="监督区划",
        help_text="监督授权必填",
    )
    up_to = models.CharField("限度", max_length=200, blank=True)
    up_to_fen = models.BigIntegerField("金额上限", null=True, help_text="单位：分")
    granted_by = models.CharField("授权文件", max_length=120, help_text="文号")

    class Meta:
        verbose_name = "授权"
        verbose_name_plural = "授权登记"
        db_table = "mandate"
        constraints = [
            in_order("mandate_dates_in_order"),
            models.CheckConstraint(
                condition=Q(supervising=False) | Q(division__isnull=False),
                name="mandate_supervises_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(up_to_fen__isnull=True) | Q(up_to_fen__gte=0), name="mandate_amount_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} {self.granted_by}"


class PostCover(Dated):
    """A/B posts (HALL-03): a `pair` names who B is; an `absence` says A is out and B acts for A."""

    class Kind(models.TextChoices):
        PAIR = "pair", "AB岗配对"
        ABSENCE = "absence", "外出代行"

    post = models.ForeignKey(Post, models.PROTECT, related_name="covers", verbose_name="岗位（A）")
    cover_post = models.ForeignKey(
        Post, models.PROTECT, related_name="covering", verbose_name="代行岗位（B）"
    )
    kind = models.CharField("类别", max_length=8, choices=Kind)
    reason = models.CharField("事由", max_length=200)

    class Meta:
        verbose_name = "AB岗"
        verbose_name_plural = "AB岗"
        db_table = "post_cover"
        constraints = [
            no_overlap("post_cover_one_at_a_time", "post", "kind"),
            in_order("post_cover_dates_in_order"),
            models.CheckConstraint(condition=~Q(post=F("cover_post")), name="post_cover_is_another"),
            models.CheckConstraint(
                condition=Q(kind="pair") | Q(to_on__isnull=False), name="post_cover_absence_ends"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.post_id}"


class Seal(Dated):
    """A seal in the register: its body and the post that keeps it."""

    code = models.CharField("印章编码", max_length=40)
    body = models.ForeignKey(Body, models.PROTECT, related_name="seals", verbose_name="机构")
    name = models.CharField("印文", max_length=120)
    custodian_post = models.ForeignKey(Post, models.PROTECT, related_name="+", verbose_name="保管岗位")

    class Meta:
        verbose_name = "印章"
        verbose_name_plural = "印章登记"
        db_table = "seal"
        constraints = [no_overlap("seal_one_at_a_time", "code"), in_order("seal_dates_in_order")]

    def __str__(self) -> str:
        return self.name
