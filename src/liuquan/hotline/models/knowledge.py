"""The knowledge base: its articles, version by version, and what was asked at the windows."""

from django.db import models
from django.db.models import Q


class Article(models.Model):
    """A version of an article. A published one is only ever withdrawn, never changed."""

    number = models.CharField("编号", max_length=12)
    version = models.PositiveSmallIntegerField("版本")
    question = models.CharField("问题", max_length=120)
    answer = models.TextField("答复")
    document = models.CharField("来源文件", max_length=120)
    clause = models.CharField("条款", max_length=120)
    owner_body = models.CharField("责任单位代码", max_length=32)
    class_codes = models.JSONField("分类代码", default=list)
    words = models.JSONField("常用说法", default=list)
    is_public = models.BooleanField("向社会公开", default=True)
    valid_from = models.DateField("生效日期")
    valid_to = models.DateField("失效日期", null=True, help_text="失效首日；空：没有期限")
    reviewed_on = models.DateField("复核日期")
    review_due = models.DateField("下次复核", help_text="最后一日")
    state = models.CharField("状态", max_length=12)
    proposed_by = models.BigIntegerField("提出人员编号", null=True)
    proposed_post = models.CharField("提出岗位", max_length=32, blank=True)
    proposed_at = models.DateTimeField("提出时刻", null=True, help_text="UTC")
    published_by = models.BigIntegerField("发布人员编号", null=True)
    published_post = models.CharField("发布岗位", max_length=32, blank=True)
    published_at = models.DateTimeField("发布时刻", null=True, help_text="UTC")
    withdrawn_at = models.DateTimeField("撤下时刻", null=True, help_text="UTC")
    reason = models.CharField("撤下或者不采用的理由", max_length=200, blank=True)
    asked_on = models.DateField("提醒责任单位复核的日期", null=True)
    source = models.CharField("来源", max_length=80)
    #: as compared by a search: question and words; all its text; initials and pinyin of question and words
    heading = models.TextField("检索：问题和说法")
    searched = models.TextField("检索：全文")
    letters = models.TextField("检索：首字母")
    sounds = models.TextField("检索：拼音")

    class Meta:
        verbose_name = "知识条目"
        verbose_name_plural = "知识条目"
        db_table = "hotline_article"
        constraints = [
            models.UniqueConstraint(fields=["number", "version"], name="hotline_article_once"),
            models.UniqueConstraint(
                fields=["number"], condition=Q(state="draft"), name="hotline_article_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "published", "withdrawn", "dropped"]),
                name="hotline_article_state_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.version}"


class Consultation(models.Model):
    """A question answered, counted or passed on at a window of the hall."""

    at = models.DateTimeField("时刻", help_text="UTC")
    body_code = models.CharField("单位代码", max_length=32)
    post_code = models.CharField("窗口岗位", max_length=32)
    class_code = models.CharField("分类代码", max_length=24)
    article = models.CharField("引用的知识条目", max_length=12, blank=True)
    version = models.PositiveSmallIntegerField("引用的版本", null=True)
    ticket = models.CharField("工单编号", max_length=40, blank=True, help_text="空：只计数")

    class Meta:
        verbose_name = "窗口咨询"
        verbose_name_plural = "窗口咨询"
        db_table = "hotline_consultation"
        indexes = [models.Index(fields=["body_code", "at"], name="hotline_consultation_at")]

    def __str__(self) -> str:
        return f"{self.post_code} {self.article}"
