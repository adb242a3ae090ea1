"""Hot topics, found by a job and kept by day, so that their page is read without any text."""

from django.db import models


class TopicSearch(models.Model):
    """One search for hot topics over the tickets of some days: asked for, running, done or failed."""

    days = models.PositiveSmallIntegerField("天数")
    state = models.CharField("状态", max_length=8)
    asked_at = models.DateTimeField("提出时刻", help_text="UTC")
    asked_post = models.CharField("提出岗位", max_length=32, blank=True, help_text="空：每晚的")
    until = models.DateTimeField("截至", null=True, help_text="UTC")
    done_at = models.DateTimeField("完成时刻", null=True, help_text="UTC")
    tickets = models.PositiveIntegerField("工单件数", null=True)
    reason = models.CharField("没有完成的原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "热点查找"
        verbose_name_plural = "热点查找"
        db_table = "hotline_topic_search"
        indexes = [models.Index(fields=["days", "-asked_at"], name="hotline_topic_search_newest")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["asked", "running", "done", "failed"]),
                name="hotline_topic_search_state_known",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class HotTopic(models.Model):
    """One topic of a search: words that most of its tickets share, and where."""

    search = models.ForeignKey(TopicSearch, models.CASCADE, verbose_name="热点查找")
    rank = models.PositiveSmallIntegerField("名次")
    words = models.JSONField("共同的词")
    place = models.CharField("共同的地点", max_length=80, blank=True)

    class Meta:
        verbose_name = "热点事项"
        verbose_name_plural = "热点事项"
        db_table = "hotline_topic"
        constraints = [models.UniqueConstraint(fields=["search", "rank"], name="hotline_topic_rank_once")]

    def __str__(self) -> str:
        return str(self.pk)


class TopicTicket(models.Model):
    """A ticket that belongs to a topic."""

    topic = models.ForeignKey(HotTopic, models.CASCADE, verbose_name="热点事项")
    case = models.ForeignKey("casework.Case", models.PROTECT, verbose_name="案件")

    class Meta:
        verbose_name = "热点事项的工单"
        verbose_name_plural = "热点事项的工单"
        db_table = "hotline_topic_ticket"
        constraints = [models.UniqueConstraint(fields=["topic", "case"], name="hotline_topic_ticket_once")]

    def __str__(self) -> str:
        return str(self.pk)
