"""Calls as the phone system tells of them, the seats, the roster, and forms that were not finished.

The number of a caller is encrypted; of a recording only the hash is kept, the sound stays where it was
made."""

import uuid

from django.db import models
from django.db.models import Q

_OUTCOMES = [
    ("ticket", "已登记工单"),
    ("answered", "已解答"),
    ("transferred", "已转接紧急电话"),
    ("missed", "没有接到"),
    ("dropped", "中途断线"),
    ("called_back", "已回拨"),
]


class Call(models.Model):
    """One call and what became of it."""

    number = models.UUIDField("来电编号", unique=True, default=uuid.uuid4, editable=False)
    line = models.CharField("话路编号", max_length=64, unique=True, help_text="电话系统所给")
    phone_enc = models.BinaryField("电话号码（加密）", null=True)
    phone_index = models.BinaryField("电话号码检索值", null=True)
    phone_masked = models.CharField("电话号码（脱敏）", max_length=24, blank=True)
    arrived_at = models.DateTimeField("呼入时刻", help_text="UTC")
    answered_at = models.DateTimeField("接听时刻", null=True, help_text="UTC")
    ended_at = models.DateTimeField("结束时刻", null=True, help_text="UTC")
    is_broken_off = models.BooleanField("中途断线", default=False)
    is_by_hand = models.BooleanField("手工补记", default=False, help_text="没有经过电话系统，不计入接通率")
    seat = models.CharField("坐席", max_length=16, blank=True)
    staff_id = models.BigIntegerField("接听人员编号", null=True)
    recording_hash = models.CharField("录音的 SHA-256", max_length=64, blank=True)
    third_party = models.CharField("三方通话的另一方", max_length=60, blank=True)
    third_at = models.DateTimeField("三方通话开始时刻", null=True, help_text="UTC")
    outcome = models.CharField("去向", max_length=12, blank=True, choices=_OUTCOMES)
    ticket = models.CharField("工单编号", max_length=64, blank=True)
    service = models.CharField("转接到", max_length=8, blank=True)
    tries = models.PositiveSmallIntegerField("回拨没有接通", default=0, help_text="次")
    called_back_at = models.DateTimeField("回拨接通时刻", null=True, help_text="UTC")

    class Meta:
        verbose_name = "来电"
        verbose_name_plural = "来电"
        db_table = "hotline_call"
        indexes = [
            models.Index(fields=["arrived_at"], name="hotline_call_arrived"),
            models.Index(
                fields=["arrived_at"],
                condition=Q(outcome__in=["", "missed", "dropped"]),
                name="hotline_call_open",
            ),
            models.Index(fields=["phone_index"], name="hotline_call_phone"),
            models.Index(
                fields=["staff_id"], condition=Q(ended_at__isnull=True), name="hotline_call_talking"
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)


class CallEvent(models.Model):
    """An event of the phone system that was taken: the same again changes nothing."""

    key = models.CharField("事件编号", max_length=64, primary_key=True)
    taken_at = models.DateTimeField("收到时刻", help_text="UTC")

    class Meta:
        verbose_name = "电话系统事件"
        verbose_name_plural = "电话系统事件"
        db_table = "hotline_call_event"

    def __str__(self) -> str:
        return self.key


class Seat(models.Model):
    """Who sits at a seat, and what they are doing."""

    seat = models.CharField("坐席", max_length=16, unique=True)
    staff_id = models.BigIntegerField("人员编号", unique=True)
    state = models.CharField("状态", max_length=12)
    since_at = models.DateTimeField("自", help_text="UTC")

    class Meta:
        verbose_name = "坐席"
        verbose_name_plural = "坐席"
        db_table = "hotline_seat"

    def __str__(self) -> str:
        return self.seat


class Shift(models.Model):
    """A shift of the roster: one person from a moment to another."""

    staff_id = models.BigIntegerField("人员编号")
    starts_at = models.DateTimeField("起", help_text="UTC")
    ends_at = models.DateTimeField("止", help_text="UTC")

    class Meta:
        verbose_name = "值班"
        verbose_name_plural = "值班"
        db_table = "hotline_shift"
        indexes = [models.Index(fields=["starts_at"], name="hotline_shift_starts")]
        constraints = [
            models.UniqueConstraint(fields=["staff_id", "starts_at"], name="hotline_shift_once"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")), name="hotline_shift_has_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.starts_at}"


class HandOver(models.Model):
    """What one shift leaves to the next, with the counts of that moment; what is said of it is encrypted."""

    number = models.UUIDField("交接编号", unique=True, default=uuid.uuid4, editable=False)
    from_staff = models.BigIntegerField("交班人员编号")
    handed_at = models.DateTimeField("交班时刻", help_text="UTC")
    note_enc = models.BinaryField("交代的事（加密）")
    to_call_back = models.PositiveIntegerField("待回拨", help_text="件")
    without_outcome = models.PositiveIntegerField("没有去向的来电", help_text="件")
    to_staff = models.BigIntegerField("接班人员编号", null=True)
    taken_at = models.DateTimeField("接班时刻", null=True, help_text="UTC")

    class Meta:
        verbose_name = "交接班"
        verbose_name_plural = "交接班"
        db_table = "hotline_handover"

    def __str__(self) -> str:
        return str(self.number)


class OpenDraft(models.Model):
    """A form of the operator's screen that was not finished: where its draft is found. Of one that was handed
    in nothing is kept but that it was, so that what was still on its way begins no draft of it again."""

    staff_id = models.BigIntegerField("人员编号")
    code_enc = models.BinaryField("草稿码（加密）", null=True, help_text="空：已经登记")
    code_index = models.BinaryField("草稿码检索值", unique=True)
    call = models.CharField("来电编号", max_length=36, blank=True)
    begun_at = models.DateTimeField("开始填写时刻", help_text="UTC")
    form = models.UUIDField("表单编号", null=True, unique=True)
    ended_at = models.DateTimeField("登记时刻", null=True, help_text="UTC；空：还没有登记")

    class Meta:
        verbose_name = "没有登记完的诉求"
        verbose_name_plural = "没有登记完的诉求"
        db_table = "hotline_open_draft"
        indexes = [models.Index(fields=["staff_id"], name="hotline_open_draft_staff")]

    def __str__(self) -> str:
        return str(self.pk)
