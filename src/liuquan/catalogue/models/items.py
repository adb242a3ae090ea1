"""A service item: its codes, its body, the plain words people use for it, its search entry."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q


class ServiceItem(models.Model):
    """One item of the list, independent of its versions. Its code never changes and is never reused.

    Codes are kept as strings, unchanged: the standards disagree about their length.

    Cites: GB/T 39554.1—2020
    """

    implementation_code = models.CharField("实施编码", max_length=80, unique=True)
    basic_code = models.CharField("基本编码", max_length=40, blank=True)
    local_code = models.CharField("地方实施编码", max_length=80, blank=True)
    body_code = models.CharField("实施主体", max_length=64, db_index=True, help_text="机构代码")
    division_code = models.CharField("行政区划代码", max_length=12, help_text="6 至 12 位数字")
    source = models.CharField("来源", max_length=200, help_text="pack:… 或 import:…")
    source_body_code = models.CharField("来源机构代码", max_length=64, blank=True)
    source_url = models.CharField("来源网址", max_length=1000, blank=True)
    created_at = models.DateTimeField("建立时间")

    class Meta:
        verbose_name = verbose_name_plural = "政务服务事项"
        constraints = (
            models.CheckConstraint(
                condition=Q(implementation_code__regex=r"^[0-9A-Za-z][0-9A-Za-z_.-]{3,79}$"),
                name="item_code_is_a_code",
            ),
            models.CheckConstraint(
                condition=Q(division_code__regex=r"^[0-9]{6,12}$"), name="item_division_is_digits"
            ),
        )

    def __str__(self) -> str:
        return self.implementation_code


class SourceBody(models.Model):
    """A body named in an import that is not yet registered in the organisation. Its items can only be drafts.

    Its code is the USCC from the source if valid, otherwise a local code made from division and name.
    """

    code = models.CharField("机构代码", max_length=64, unique=True)
    name = models.CharField("机构名称", max_length=120)
    division_code = models.CharField("行政区划代码", max_length=12, help_text="6 至 12 位数字")
    source_codes = ArrayField(models.CharField(max_length=64), verbose_name="来源中的部门代码", default=list)
    source = models.CharField("来源", max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "来源机构"
        constraints = (
            models.UniqueConstraint(fields=("division_code", "name"), name="source_body_once_per_division"),
        )

    def __str__(self) -> str:
        return self.name


class Alias(models.Model):
    """A plain word or phrase by which people look for an item: 开小餐馆. May change without a new version."""

    item = models.ForeignKey(ServiceItem, on_delete=models.CASCADE, related_name="aliases")
    text = models.CharField("别名", max_length=60)
    position = models.PositiveSmallIntegerField("顺序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "事项别名"
        ordering = ("position", "id")
        constraints = (models.UniqueConstraint(fields=("item", "text"), name="alias_once_per_item"),)

    def __str__(self) -> str:
        return self.text


class SearchEntry(models.Model):
    """The search index, one row per version: derived from version and aliases, rebuilt by an action.

    Bigrams find Chinese words of two characters, which trigrams cannot find; the trigram index over `text`
    finds phrases of three and more.
    """

    version = models.OneToOneField("catalogue.ItemVersion", on_delete=models.CASCADE, primary_key=True)
    item = models.ForeignKey(ServiceItem, on_delete=models.CASCADE, related_name="search_entries")
    is_latest = models.BooleanField("是否最新版本")
    text = models.TextField("检索文字", help_text="名称、别名，去掉标点")
    initials = models.TextField("拼音首字母", help_text="名称、别名，以 | 分开")
    syllables = models.TextField("拼音", help_text="名称、别名，每个音节前后有空格，以 | 分开")
    name_bigrams = ArrayField(models.CharField(max_length=2), verbose_name="名称二字词")
    alias_bigrams = ArrayField(models.CharField(max_length=2), verbose_name="别名二字词")
    other_bigrams = ArrayField(models.CharField(max_length=2), verbose_name="其他二字词")
    bigrams = ArrayField(models.CharField(max_length=2), verbose_name="全部二字词")

    class Meta:
        verbose_name = verbose_name_plural = "检索条目"
        indexes = (
            GinIndex(fields=("bigrams",), name="search_bigrams"),
            GinIndex(fields=("text",), name="search_trigrams", opclasses=("gin_trgm_ops",)),
        )

    def __str__(self) -> str:
        return self.text


class HandledElsewhere(models.Model):
    """What people come for and this centre does not do: the words they use, who does it, how to reach them.

    Loaded from a pack and replaced with it.
    """

    words = ArrayField(models.CharField(max_length=30), verbose_name="大家的说法")
    matter = models.CharField("什么事", max_length=60)
    body = models.CharField("谁办", max_length=120)
    reach = models.CharField("怎么找", max_length=300)
    source = models.CharField("来源", max_length=200)
    position = models.PositiveSmallIntegerField("顺序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "不在本中心办理"
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.matter
