"""Tables of the engine. Written by `actions` only; a change of state without its journal entry is refused by
the database itself (a deferred constraint trigger)."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import MD5, Cast

from liuquan.kernel.fields import LtreeField


class Case(models.Model):
    """One exercise of public power, from receipt to close, under the terms of its day of receipt."""

    number = models.CharField("编号", max_length=64, unique=True, help_text="公开编号")
    kind = models.CharField("类别", max_length=40)
    procedure_version = models.PositiveSmallIntegerField("程序版本")
    state = models.CharField("状态", max_length=40)
    revision = models.PositiveIntegerField("修订号", default=1, help_text="每次变动加一，先到者成功")
    body_code = models.CharField("承办机关代码", max_length=32)
    division_path = LtreeField("区划路径")
    subject_code = models.CharField("事项编码", max_length=64)
    subject_version = models.CharField("事项版本", max_length=40, blank=True)
    terms = models.JSONField("适用条款", help_text="收件之日适用的期限、环节和岗位，不再变动")
    terms_digest = models.GeneratedField(
        expression=MD5(Cast("terms", models.TextField())),
        output_field=models.CharField(max_length=32),
        db_persist=True,
        verbose_name="条款摘要",
        help_text="MD5，只用来认出相同的条款，由数据库计算",
    )
    channel = models.CharField("渠道", max_length=12, default="window")
    submission_key = models.UUIDField("提交键", null=True, unique=True, help_text="防止重复提交")
    received_at = models.DateTimeField("收件时刻")
    accepted_at = models.DateTimeField("受理时刻", null=True)
    decided_at = models.DateTimeField("决定时刻", null=True)
    closed_at = models.DateTimeField("办结时刻", null=True)
    outcome = models.CharField("结果", max_length=40, blank=True)
    matter = models.BinaryField("所请求的事", null=True, help_text="当事人的原话，加密")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, db_index=False, verbose_name="总件", help_text="由哪一件分出"
    )
    parent_clock = models.CharField(
        "总件的期限", max_length=40, db_default="", blank=True, help_text="本件的期限不能晚于总件的这项期限"
    )

    class Meta:
        verbose_name = "案件"
        verbose_name_plural = "案件"
        db_table = "casework_case"
        indexes = [
            models.Index(fields=["body_code", "state"], name="casework_case_body_state"),
            models.Index(fields=["subject_code", "received_at"], name="casework_case_subject"),
            models.Index(fields=["parent"], condition=Q(parent__isnull=False), name="casework_case_parent"),
            models.Index(
                fields=["kind", "state"], condition=Q(closed_at__isnull=True), name="casework_case_open"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class CaseParty(models.Model):
    """A party of a case, from when until when: applicant, agent, legal representative, interested party."""

    case = models.ForeignKey(Case, models.PROTECT, verbose_name="案件")
    party = models.ForeignKey(
        "parties.Party", models.PROTECT, to_field="number", db_column="party_number", verbose_name="当事人"
    )
    role = models.CharField("身份", max_length=24)
    from_at = models.DateTimeField("起")
    to_at = models.DateTimeField("止", null=True, help_text="空：仍是当事人")

    class Meta:
        verbose_name = "案件当事人"
        verbose_name_plural = "案件当事人"
        db_table = "casework_case_party"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "party", "role"], condition=Q(to_at__isnull=True), name="casework_party_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.role}"


class CaseBody(models.Model):
    """Which bodies see and handle a case: lead, cooperating, window, referred to, supervising."""

    case = models.ForeignKey(Case, models.PROTECT, verbose_name="案件")
    body_code = models.CharField("机关代码", max_length=32)
    role = models.CharField("身份", max_length=24)
    from_at = models.DateTimeField("起")
    to_at = models.DateTimeField("止", null=True)

    class Meta:
        verbose_name = "案件机关"
        verbose_name_plural = "案件机关"
        db_table = "casework_case_body"
        constraints = [
            # a body may come back when its earlier row has ended
            models.UniqueConstraint(
                fields=["case", "body_code", "role"],
                condition=Q(to_at__isnull=True),
                name="casework_body_once",
            )
        ]
        indexes = [models.Index(fields=["body_code", "case"], name="casework_body_case")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.body_code}"


class Assignment(models.Model):
    """A step in the hands of a post."""

    case = models.ForeignKey(Case, models.PROTECT, verbose_name="案件")
    step = models.CharField("环节", max_length=40)
    post_code = models.CharField("岗位代码", max_length=40)
    state = models.CharField("状态", max_length=12, default="open")
    opened_at = models.DateTimeField("开始时刻")
    done_at = models.DateTimeField("完成时刻", null=True)
    done_by = models.BigIntegerField("完成人", null=True, help_text="工作人员内部编号")
    second_by = models.BigIntegerField(
        "共同完成人", null=True, help_text="现场核查的另一名工作人员，内部编号"
    )
    result = models.CharField("意见", max_length=40, blank=True)
    body_code = models.CharField(
        "机关代码", max_length=32, blank=True, db_default="", help_text="办理时选定的岗位所属的机关"
    )
    name = models.CharField(
        "环节名称", max_length=40, blank=True, db_default="", help_text="办理时选定岗位的环节"
    )

    class Meta:
        verbose_name = "待办"
        verbose_name_plural = "待办"
        db_table = "casework_assignment"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "step"], condition=Q(state="open"), name="casework_step_open_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "done", "cancelled"]), name="casework_assignment_state"
            ),
        ]
        indexes = [
            models.Index(fields=["post_code"], condition=Q(state="open"), name="casework_assignment_open"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.step}"


class Deadline(models.Model):
    """One clock of a case. `due_on` is the last day; `due_at` the first moment that is too late. Overdue is
    derived from `due_at` and never stored; `breached_at` says the breach was entered in the journal."""

    case = models.ForeignKey(Case, models.PROTECT, verbose_name="案件")
    key = models.CharField("期限", max_length=40)
    limit_key = models.CharField("条款", max_length=60)
    step = models.CharField("环节", max_length=40, blank=True)
    part = models.CharField(
        "部分", max_length=60, blank=True, db_default="", help_text="标段、投标人、机关等，代码"
    )
    amount = models.PositiveIntegerField("数量")
    unit = models.CharField("单位", max_length=20)
    anchor_at = models.DateTimeField("起算时刻")
    due_on = models.DateField("最后一日")
    due_at = models.DateTimeField("逾期时刻", help_text="此刻起为逾期")
    warn_at = models.DateTimeField("预警时刻", null=True)
    state = models.CharField("状态", max_length=12, default="running")
    provisional = models.BooleanField("暂定", default=False, help_text="跨越尚未公布放假安排的日子")
    on_expiry = models.CharField("届满效果", max_length=40, blank=True)
    extended = models.PositiveIntegerField("延长", default=0, help_text="一共延长多少，单位同期限")
    times_extended = models.PositiveSmallIntegerField("延长次数", default=0)
    supersedes = models.BigIntegerField("取代", null=True, help_text="起算日更正前的期限，内部编号")
    met_at = models.DateTimeField("终止时刻", null=True)
    breached_at = models.DateTimeField("逾期入册", null=True)
    reminded_at = models.DateTimeField("提醒时刻", null=True, help_text="届满前提醒，只提醒一次")

    class Meta:
        verbose_name = "期限"
        verbose_name_plural = "期限"
        db_table = "casework_deadline"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "key", "step", "part"],
                condition=Q(state__in=["running", "paused"]),
                name="casework_deadline_runs_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["running", "paused", "met", "expired", "cancelled", "superseded"]),
                name="casework_deadline_state",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state="running", breached_at__isnull=True),
                name="casework_deadline_due",
            ),
            models.Index(fields=["warn_at"], condition=Q(state="running"), name="casework_deadline_warn"),
            models.Index(
                fields=["warn_at"],
                condition=Q(state="running", reminded_at__isnull=True),
                name="casework_deadline_remind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.key}"


class CaseSuspension(models.Model):
    """Time that is not counted: the days after `from_on` up to and including `to_on`, on a ground of the law,
    announced to the applicant in writing with the time needed."""

    case = models.ForeignKey(Case, models.PROTECT, verbose_name="案件")
    ground = models.CharField("事由", max_length=40)
    from_on = models.DateField("起")
    to_on = models.DateField("止", null=True)
    announced_to_on = models.DateField("告知的结束日")
    document = models.CharField("文书", max_length=120, blank=True)

    class Meta:
        verbose_name = "期限扣除"
        verbose_name_plural = "期限扣除"
        db_table = "casework_suspension"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "ground"], condition=Q(to_on__isnull=True), name="casework_ground_stands_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.ground}"


class ReceivedMaterial(models.Model):
    """One material that came with an act: handed in at the window on paper, or uploaded as a file."""

    case = models.ForeignKey(Case, models.PROTECT, verbose_name="案件")
    key = models.CharField("材料", max_length=60)
    way = models.CharField("形式", max_length=12, help_text="window 窗口提交 / upload 上传")
    file = models.UUIDField("文件编号", null=True)
    received_at = models.DateTimeField("收到时刻")

    class Meta:
        verbose_name = "已收材料"
        verbose_name_plural = "已收材料"
        db_table = "casework_material"
        indexes = [models.Index(fields=["case", "key"], name="casework_material_case")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.key}"


class Notice(models.Model):
    """A paper as issued: stored once, never rendered again."""

    number = models.CharField("文书编号", max_length=80, unique=True)
    case = models.ForeignKey(Case, models.PROTECT, verbose_name="案件")
    kind = models.CharField("文书种类", max_length=40)
    entry = models.UUIDField("依据的记录", help_text="引起此文书的日志记录编号")
    file = models.UUIDField("文件编号")
    sha256 = models.CharField("摘要", max_length=64, help_text="PDF 的 SHA-256,十六进制")
    short_code = models.CharField("核验短码", max_length=16)
    issued_at = models.DateTimeField("签发时刻")

    class Meta:
        verbose_name = "文书"
        verbose_name_plural = "文书"
        db_table = "casework_notice"
        constraints = [models.UniqueConstraint(fields=["case", "kind", "entry"], name="casework_notice_once")]
        indexes = [
            models.Index(fields=["short_code"], name="casework_notice_code"),
            models.Index(fields=["sha256"], name="casework_notice_hash"),
        ]

    def __str__(self) -> str:
        return self.number


class NoticeSeries(models.Model):
    """The last number used for papers of one kind and year. A number is taken in the transaction that issues
    the paper, so that a failed issue leaves no gap."""

    series = models.CharField("系列", max_length=80, primary_key=True, help_text="编号去掉顺序号")
    last = models.BigIntegerField("最后的顺序号")

    class Meta:
        verbose_name = "文书编号系列"
        verbose_name_plural = "文书编号系列"
        db_table = "casework_notice_series"

    def __str__(self) -> str:
        return f"{self.series} {self.last}"


class CaseCount(models.Model):
    """How many cases of a kind, on an item of a body, are in a state; folded from the delta rows."""

    kind = models.CharField("类别", max_length=40)
    body_code = models.CharField("机关代码", max_length=32)
    subject_code = models.CharField("事项编码", max_length=64)
    state = models.CharField("状态", max_length=40)
    count = models.BigIntegerField("数量", default=0)

    class Meta:
        verbose_name = "案件计数"
        verbose_name_plural = "案件计数"
        db_table = "casework_count"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "body_code", "subject_code", "state"], name="casework_count_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.body_code} {self.state} {self.count}"


class CaseCountDelta(models.Model):
    """One case more or less in a state; written with the act, so writers never wait for one shared row."""

    kind = models.CharField("类别", max_length=40)
    body_code = models.CharField("机关代码", max_length=32)
    subject_code = models.CharField("事项编码", max_length=64)
    state = models.CharField("状态", max_length=40)
    delta = models.SmallIntegerField("增减")

    class Meta:
        verbose_name = "案件计数变动"
        verbose_name_plural = "案件计数变动"
        db_table = "casework_count_delta"

    def __str__(self) -> str:
        return f"{self.kind} {self.body_code} {self.state} {self.delta:+d}"


class FiledAs(models.Model):
    """What a case is filed as now, where that is no longer what it was received as."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, verbose_name="案件")
    name = models.CharField("名称", max_length=200, help_text="收件以后更正的归类")

    class Meta:
        verbose_name = "案件更正后的归类"
        verbose_name_plural = "案件更正后的归类"
        db_table = "casework_filed_as"

    def __str__(self) -> str:
        return f"{self.case_id} {self.name}"
