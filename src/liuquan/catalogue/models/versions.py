"""One version of an item: every attribute that a guide shows and a case is held to."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from liuquan.catalogue.types import CaseType, ExerciseLevel, ItemType, PowerSource, VersionState
from liuquan.clock import Unit

from .items import ServiceItem

UNITS = [(unit.value, unit.label) for unit in Unit]


def _texts(label: str, size: int = 500) -> "ArrayField[list[str], list[str]]":
    return ArrayField(models.CharField(max_length=size), verbose_name=label, default=list, blank=True)


class ItemVersion(models.Model):
    """A draft, or a version that is or was in force on the days in `validity`.

    Published versions of one item never overlap (exclusion constraint) and cannot be changed (trigger): only
    their state and the end of their validity may. Both limits share one unit, so a promise in another unit
    cannot be stored; a promise longer than the statutory limit is refused by a CHECK.

    Cites: 行政许可法 第三十条, 优化营商环境条例 第三十六条, GB/T 39554.2—2020
    """

    item = models.ForeignKey(ServiceItem, on_delete=models.PROTECT, related_name="versions")
    version_no = models.PositiveIntegerField("版本号", help_text="从 1 起")
    state = models.CharField(
        "状态", max_length=12, choices=VersionState.choices(), default=VersionState.DRAFT.value
    )
    validity = DateRangeField("有效期", null=True, help_text="上海日期，含首日不含末日；草稿为空")
    published_at = models.DateTimeField("发布时间", null=True)
    ended_reason = models.CharField("停止适用的原因", max_length=200, blank=True)

    name = models.CharField("事项名称", max_length=200)
    sort_key = models.CharField("排序键", max_length=1200, db_index=True, help_text="拼音，按 C 排序")
    main_item = models.CharField("主项名称", max_length=200, blank=True)
    item_type = models.CharField("事项类型", max_length=2, choices=ItemType.choices())
    exercise_level = models.CharField("行使层级", max_length=1, choices=ExerciseLevel.choices(), blank=True)
    power_source = models.CharField("权力来源", max_length=1, choices=PowerSource.choices(), blank=True)
    entrusting_body = models.CharField("委托部门", max_length=100, blank=True)
    cooperating_bodies = _texts("联办机构", 100)
    service_objects = _texts("服务对象", 1)
    case_type = models.CharField("办件类型", max_length=8, choices=CaseType.choices(), blank=True)
    touches_public_safety = models.BooleanField("直接关系公共安全、人身健康、生命财产安全", default=False)

    acceptance_conditions = _texts("受理条件")
    procedure_text = models.TextField("办理流程", blank=True)
    decision_standards = _texts("审查标准")
    forms = _texts("办理形式", 1)
    address = models.CharField("办理地点", max_length=200, blank=True)
    hours = models.CharField("办理时间", max_length=200, blank=True)
    phone = models.CharField("咨询方式", max_length=100, blank=True)
    supervise_phone = models.CharField("监督投诉方式", max_length=100, blank=True)
    online_url = models.CharField("网上办理地址", max_length=500, blank=True)
    limit_scene_num = models.PositiveSmallIntegerField("到办事现场次数", null=True, help_text="次")
    limit_scene_explain = models.CharField("必须现场办理原因", max_length=300, blank=True)
    handling_area = models.CharField("通办范围", max_length=100, blank=True)
    intermediary_service = models.CharField("中介服务", max_length=200, blank=True)
    takes_appointments = models.BooleanField("支持预约办理", default=False)
    commitment_quality = models.CharField("服务承诺", max_length=300, blank=True)

    limit_unit = models.CharField("时限单位", max_length=12, choices=UNITS, blank=True)
    statutory_amount = models.PositiveIntegerField("法定办结时限", null=True, help_text="以时限单位计")
    statutory_law_id = models.CharField("法定时限编号", max_length=80, blank=True, help_text="时限库中的编号")
    statutory_citation = models.CharField("法定时限依据", max_length=200, blank=True)
    promised_amount = models.PositiveIntegerField(
        "承诺办结时限", null=True, help_text="以时限单位计，0 为当场"
    )

    fee_charged = models.BooleanField("是否收费", null=True)
    quantity_limit = models.CharField("数量限制", max_length=200, blank=True)
    result_name = models.CharField("办理结果名称", max_length=200, blank=True)
    result_type = models.CharField("办理结果类型", max_length=50, blank=True)
    result_sample_url = models.CharField("结果样本", max_length=500, blank=True)
    delivery_ways = _texts("送达方式", 20)
    deciding_post_code = models.CharField("决定岗位", max_length=64, blank=True, help_text="岗位代码")
    extra = models.JSONField("其他要素", default=dict, blank=True, help_text="国家标准中未单列的要素")
    edited_at = models.DateTimeField("修改时间")

    class Meta:
        verbose_name = verbose_name_plural = "事项版本"
        constraints = (
            models.UniqueConstraint(fields=("item", "version_no"), name="version_no_once_per_item"),
            models.UniqueConstraint(
                fields=("item",), condition=Q(state=VersionState.DRAFT.value), name="one_draft_per_item"
            ),
            ExclusionConstraint(
                name="published_versions_never_overlap",
                expressions=[("item", RangeOperators.EQUAL), ("validity", RangeOperators.OVERLAPS)],
                condition=~Q(state=VersionState.DRAFT.value),
            ),
            models.CheckConstraint(
                condition=Q(statutory_amount=None)
                | Q(promised_amount=None)
                | Q(promised_amount__lte=F("statutory_amount")),
                name="promise_within_the_statutory_limit",
            ),
            models.CheckConstraint(
                condition=~Q(limit_unit="") | Q(statutory_amount=None, promised_amount=None),
                name="limits_have_a_unit",
            ),
            models.CheckConstraint(
                condition=Q(state=VersionState.DRAFT.value, validity=None, published_at=None)
                | (
                    ~Q(state=VersionState.DRAFT.value) & Q(validity__isnull=False, published_at__isnull=False)
                ),
                name="only_published_versions_are_in_force",
            ),
            models.CheckConstraint(
                condition=Q(state=VersionState.DRAFT.value)
                | (Q(promised_amount__isnull=False) & ~Q(case_type="") & ~Q(deciding_post_code="")),
                name="published_versions_are_complete",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} 第{self.version_no}版"
