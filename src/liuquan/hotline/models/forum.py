"""Posts of online forums, each taken once."""

from django.db import models


class ForumPost(models.Model):
    """A post that an outside system handed over, and the ticket it became or joined. What it says and who
    wrote it is the matter of the case, which keeps it encrypted."""

    source = models.CharField("论坛", max_length=80, help_text="接口密钥的系统名称")
    thread = models.CharField("主题编号", max_length=64)
    post = models.CharField("帖子编号", max_length=64)
    digest = models.BinaryField("内容比对值", help_text="HMAC-SHA-256，改过的帖子认得出")
    party = models.UUIDField("发帖人编号")
    ticket = models.CharField("工单编号", max_length=64)
    taken_at = models.DateTimeField("收到时刻", help_text="UTC")

    class Meta:
        verbose_name = "论坛帖子"
        verbose_name_plural = "论坛帖子"
        db_table = "hotline_forum_post"
        constraints = [
            models.UniqueConstraint(
                fields=["source", "thread", "post", "digest"], name="hotline_forum_post_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.thread} {self.post}"
