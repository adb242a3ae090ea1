"""Tables of the parties. Nothing that names a person is stored here in plain text.

`*_enc` are AES-256-GCM values, `*_index` keyed hashes of the normalised value, `*_masked` what may be shown.
"""

from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now


class UuidV7(Func):
    """PostgreSQL's time-ordered uuid."""

    function = "uuidv7"
    template = "%(function)s()"
    output_field = models.UUIDField()


class Party(models.Model):
    """A person or an organisation, one row for each identity number and kind. A caller is a person whose
    number nobody asked for: one row for each mobile and name."""

    class Kind(models.TextChoices):
        PERSON = "person", "自然人"
        ORGANISATION = "organisation", "法人或者其他组织"

    class PhoneStanding(models.TextChoices):
        """How far the mobile is known to be the party's."""

        WINDOW = "window", "窗口登记"
        CLAIMED = "claimed", "网上填写，没有疑问"
        DOUBTFUL = "doubtful", "有疑问"

    number = models.UUIDField("当事人编号", unique=True, db_default=UuidV7(), editable=False)
    kind = models.CharField("类别", max_length=12, choices=Kind)
    name_enc = models.BinaryField("姓名或者名称（密文）", null=True)
    name_index = models.BinaryField(
        "姓名或者名称比对值", max_length=32, null=True, help_text="HMAC-SHA-256，比对而不解密"
    )
    name_masked = models.CharField("姓名或者名称（脱敏）", max_length=80, blank=True)
    id_enc = models.BinaryField("证件号码（密文）", null=True)
    id_index = models.BinaryField(
        "证件号码检索值", max_length=32, null=True, help_text="HMAC-SHA-256，按类别唯一"
    )
    id_masked = models.CharField("证件号码（脱敏）", max_length=20, blank=True)
    phone_enc = models.BinaryField("手机号码（密文）", null=True)
    phone_index = models.BinaryField("手机号码检索值", max_length=32, null=True, help_text="HMAC-SHA-256")
    phone_tail_index = models.BinaryField(
        "手机尾号检索值", max_length=32, null=True, help_text="后四位的HMAC-SHA-256"
    )
    phone_masked = models.CharField("手机号码（脱敏）", max_length=20, blank=True)
    phone_standing = models.CharField(
        "手机号码由来",
        max_length=10,
        choices=PhoneStanding,
        default=PhoneStanding.CLAIMED,
        help_text="有疑问的不发通知和验证码，到窗口登记后恢复",
    )
    email_enc = models.BinaryField("电子邮箱（密文）", null=True, help_text="本人登记，只用来发通知")
    registered_at = models.DateTimeField("登记时刻", help_text="UTC")
    recorded_at = models.DateTimeField(
        "入库时刻", db_default=Now(), editable=False, help_text="UTC，数据库写入"
    )
    verified_at = models.DateTimeField(
        "核验时刻", null=True, help_text="UTC，窗口当面核对证件原件的时刻；空为从未当面核验（网上登记）"
    )
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name="并入")
    merged_at = models.DateTimeField("合并时刻", null=True, help_text="UTC")
    erased_at = models.DateTimeField("删除时刻", null=True, help_text="UTC，个人信息已销毁，行保留")

    class Meta:
        verbose_name = "当事人"
        verbose_name_plural = "当事人"
        db_table = "party"
        indexes = [
            models.Index(fields=["phone_index"], name="party_phone"),
            models.Index(fields=["name_index"], name="party_name"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "id_index"],
                condition=Q(id_index__isnull=False),
                name="party_one_row_an_identity",
            ),
            models.CheckConstraint(
                condition=Q(phone_standing__in=["window", "claimed", "doubtful"]),
                name="party_phone_standing_known",
            ),
            models.CheckConstraint(condition=Q(kind__in=["person", "organisation"]), name="party_kind_known"),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True)
                | Q(
                    name_enc__isnull=True,
                    name_index__isnull=True,
                    id_enc__isnull=True,
                    id_index__isnull=True,
                    phone_enc__isnull=True,
                    phone_index__isnull=True,
                    phone_tail_index__isnull=True,
                    email_enc__isnull=True,
                    name_masked="",
                    id_masked="",
                    phone_masked="",
                ),
                name="party_erased_means_empty",
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=False)
                | Q(name_enc__isnull=False, id_enc__isnull=False)
                # a caller, of whom nobody asks for a document
                | Q(kind="person", name_enc__isnull=False, phone_enc__isnull=False),
                name="party_named_until_erased",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="party_not_merged_into_itself",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True, merged_at__isnull=True)
                | Q(merged_into__isnull=False, merged_at__isnull=False),
                name="party_merge_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)


class AgentAppointment(models.Model):
    """One party acts for another: an agent with a mandate, a legal representative. Dated, half-open."""

    class Capacity(models.TextChoices):
        AGENT = "agent", "委托代理人"
        LEGAL_REPRESENTATIVE = "legal_representative", "法定代表人"
        GUARDIAN = "guardian", "法定代理人（监护人）"

    principal = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name="被代理人")
    agent = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name="代理人")
    capacity = models.CharField("身份", max_length=24, choices=Capacity)
    scope = models.CharField("代理权限", max_length=200, help_text="授权委托书载明的事项和权限")
    from_on = models.DateField("起始日", help_text="上海日期，当日起有效")
    to_on = models.DateField("终止日", null=True, help_text="上海日期，当日起不再有效；空为长期")
    recorded_at = models.DateTimeField(
        "入库时刻", db_default=Now(), editable=False, help_text="UTC，数据库写入"
    )

    class Meta:
        verbose_name = "代理关系"
        verbose_name_plural = "代理关系"
        db_table = "party_agent"
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")),
                name="party_agent_dates_in_order",
            ),
            models.CheckConstraint(condition=~Q(principal=F("agent")), name="party_agent_is_another"),
        ]

    def __str__(self) -> str:
        return f"{self.get_capacity_display()} {self.pk}"
