"""A body may have days of its own: SQL then counts for it by them, else by the days of its division."""

from __future__ import annotations

from django.db import migrations, models

REGION_HELP = "空为全国；12位为行政区划代码，仅该地；B加9位为机关的组织机构代码，仅该机关"

REGION = """
CREATE OR REPLACE FUNCTION workday_region(region text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE STRICT
BEGIN ATOMIC
    SELECT coalesce((
        SELECT kept FROM (
            SELECT 0 AS nearness, 'B' || substr($1, 9, 9) AS kept WHERE length($1) = 18
            UNION ALL
            SELECT nearness, rpad(left(home, digits), 12, '0')
            FROM unnest(ARRAY[12, 9, 6, 4, 2]) WITH ORDINALITY AS t (digits, nearness),
                LATERAL (SELECT CASE WHEN length($1) = 18 THEN (
                    SELECT d.code FROM body b JOIN body_record r ON r.body_id = b.id
                    JOIN division d ON d.id = r.division_id
                    WHERE b.code = $1 ORDER BY r.from_on DESC LIMIT 1) ELSE $1 END AS home) AS h
            WHERE length(home) = 12
        ) AS places
        WHERE EXISTS (SELECT FROM workday w WHERE w.region = kept)
        ORDER BY nearness LIMIT 1), '');
END;
COMMENT ON FUNCTION workday_region(text) IS '该地或者该机关的工作日依据哪个地区的日历（空为全国）';
"""
DIVISIONS_ONLY = """
CREATE OR REPLACE FUNCTION workday_region(region text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE STRICT
BEGIN ATOMIC
    SELECT coalesce((
        SELECT place FROM unnest(ARRAY[12, 9, 6, 4, 2]) WITH ORDINALITY AS t (digits, nearness),
            LATERAL (SELECT rpad(left($1, digits), 12, '0') AS place) AS p
        WHERE length($1) = 12 AND EXISTS (SELECT FROM workday w WHERE w.region = place)
        ORDER BY nearness LIMIT 1), '');
END;
"""


def _region() -> models.CharField[str, str]:
    return models.CharField(blank=True, help_text=REGION_HELP, max_length=12, verbose_name="地区")


class Migration(migrations.Migration):
    dependencies = [("organisation", "0002_workday_functions")]

    operations = [
        migrations.AlterField("calendarday", "region", _region()),
        migrations.AlterField("holidaynotice", "region", _region()),
        migrations.AlterField("workday", "region", _region()),
        migrations.RunSQL(REGION, DIVISIONS_ONLY),
    ]
