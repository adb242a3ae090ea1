"""Search entries know the pinyin of names and aliases and read traditional characters; who does the rest."""

from __future__ import annotations

from typing import Any, ClassVar

import django.contrib.postgres.fields
from django.db import migrations, models

from liuquan.catalogue import words
from liuquan.kernel import spelling


def rebuild(apps: Any, schema_editor: Any) -> None:
    """Derive every search entry anew from its version's name and the aliases of its item."""
    aliases: dict[int, list[str]] = {}
    for item_id, text in apps.get_model("catalogue", "Alias").objects.values_list("item_id", "text"):
        aliases.setdefault(item_id, []).append(text)
    entries = apps.get_model("catalogue", "SearchEntry").objects.select_related("version")
    changed = []
    for entry in entries:
        called = [entry.version.name, *aliases.get(entry.item_id, [])]
        entry.text = "|".join(spelling.plain(text) for text in called)
        entry.initials = "|".join(spelling.initials(text) for text in called)
        entry.syllables = "|".join(spelling.syllables(text) for text in called)
        entry.name_bigrams = words.bigrams(called[0])
        entry.alias_bigrams = words.bigrams(*called[1:])
        entry.bigrams = list(dict.fromkeys([*entry.name_bigrams, *entry.alias_bigrams, *entry.other_bigrams]))
        changed.append(entry)
    fields = ["text", "initials", "syllables", "name_bigrams", "alias_bigrams", "bigrams"]
    entries.model.objects.bulk_update(changed, fields, batch_size=200)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("catalogue", "0002_guards")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="HandledElsewhere",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "words",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), size=None, verbose_name="大家的说法"
                    ),
                ),
                ("matter", models.CharField(max_length=60, verbose_name="什么事")),
                ("body", models.CharField(max_length=120, verbose_name="谁办")),
                ("reach", models.CharField(max_length=300, verbose_name="怎么找")),
                ("source", models.CharField(max_length=200, verbose_name="来源")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
            ],
            options={
                "verbose_name": "不在本中心办理",
                "verbose_name_plural": "不在本中心办理",
                "ordering": ("position", "id"),
            },
        ),
        migrations.AlterField(
            model_name="searchentry",
            name="initials",
            field=models.TextField(help_text="名称、别名，以 | 分开", verbose_name="拼音首字母"),
        ),
        migrations.AddField(
            model_name="searchentry",
            name="syllables",
            field=models.TextField(
                default="", help_text="名称、别名，每个音节前后有空格，以 | 分开", verbose_name="拼音"
            ),
            preserve_default=False,
        ),
        migrations.RunPython(rebuild, migrations.RunPython.noop),
    ]
