"""Counting working days inside PostgreSQL, with the answers Python gives.

Before and after the table of ordinals every weekday is a working day, as `clock.Calendar` counts there: 0001-01-01
was a Monday, so weekdays are arithmetic. A region without days of its own counts by the nearest place above it,
last by the country ('').
"""

from django.db import migrations, models

FUNCTIONS = """
CREATE FUNCTION workday_weekdays(d date) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN ((d - DATE '0001-01-01' + 1) / 7) * 5 + least((d - DATE '0001-01-01' + 1) % 7, 5);

CREATE FUNCTION workday_weekday(n int) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN DATE '0001-01-01' + ((n - 1) / 5) * 7 + (n - 1) % 5;

CREATE FUNCTION workday_region(region text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE STRICT
BEGIN ATOMIC
    SELECT coalesce((
        SELECT place FROM unnest(ARRAY[12, 9, 6, 4, 2]) WITH ORDINALITY AS t (digits, nearness),
            LATERAL (SELECT rpad(left($1, digits), 12, '0') AS place) AS p
        WHERE length($1) = 12 AND EXISTS (SELECT FROM workday w WHERE w.region = place)
        ORDER BY nearness LIMIT 1), '');
END;

CREATE FUNCTION workday_ordinal(region text, d date) RETURNS int LANGUAGE sql STABLE PARALLEL SAFE STRICT
BEGIN ATOMIC
    SELECT coalesce(
        (SELECT w.ordinal FROM workday w WHERE w.region = place AND w."on" = $2),
        (SELECT w.ordinal + workday_weekdays($2) - workday_weekdays(w."on") FROM workday w
            WHERE w.region = place AND w."on" < $2 ORDER BY w."on" DESC LIMIT 1),
        workday_weekdays($2))
    FROM (SELECT workday_region($1) AS place) AS r;
END;

CREATE FUNCTION working_days_between(region text, a date, b date) RETURNS int
LANGUAGE sql STABLE PARALLEL SAFE STRICT
RETURN workday_ordinal(region, b) - workday_ordinal(region, a);

CREATE FUNCTION workday_at(region text, n int) RETURNS date LANGUAGE sql STABLE PARALLEL SAFE STRICT
BEGIN ATOMIC
    SELECT CASE
        WHEN f.ordinal IS NULL OR $2 <= f.ordinal - (f.kind <> 'off' AND extract(isodow FROM f."on") < 6
            OR f.kind = 'working')::int THEN workday_weekday($2)
        WHEN $2 > l.ordinal THEN workday_weekday($2 - l.ordinal + workday_weekdays(l."on"))
        ELSE (SELECT w."on" FROM workday w WHERE w.region = place AND w.ordinal = $2 ORDER BY w."on" LIMIT 1)
        END
    FROM (SELECT workday_region($1) AS place) AS r
    LEFT JOIN LATERAL (SELECT w.ordinal, w."on", w.kind FROM workday w WHERE w.region = place
        ORDER BY w."on" LIMIT 1) AS f ON true
    LEFT JOIN LATERAL (SELECT w.ordinal, w."on" FROM workday w WHERE w.region = place
        ORDER BY w."on" DESC LIMIT 1) AS l ON true;
END;

CREATE FUNCTION nth_working_day_after(region text, d date, n int) RETURNS date
LANGUAGE sql STABLE PARALLEL SAFE STRICT
RETURN CASE WHEN n >= 1 THEN workday_at(region, workday_ordinal(region, d) + n) END;

CREATE FUNCTION due_on(region text, start date, amount int, unit text) RETURNS date
LANGUAGE sql STABLE PARALLEL SAFE STRICT
RETURN CASE WHEN amount = 0 THEN start WHEN amount > 0 THEN workday_at(region,
    CASE unit WHEN 'working_day' THEN amount ELSE 1 END + workday_ordinal(region, CASE unit
        WHEN 'working_day' THEN start
        WHEN 'calendar_day' THEN start + amount - 1
        WHEN 'month' THEN (start + make_interval(months => amount))::date - 1
        WHEN 'year' THEN (start + make_interval(years => amount))::date - 1 END)) END;

COMMENT ON FUNCTION workday_region(text) IS '该地的工作日依据哪个地区的日历（空为全国）';
COMMENT ON FUNCTION workday_ordinal(text, date) IS '截至当日（含）的工作日序数，只有差值有意义';
COMMENT ON FUNCTION working_days_between(text, date, date) IS 'a 次日起至 b（含）的工作日数';
COMMENT ON FUNCTION nth_working_day_after(text, date, int) IS '当日不计，其后第 n 个工作日；n 小于 1 为空';
COMMENT ON FUNCTION due_on(text, date, int, text) IS '期限最后一日：起算日不计，遇休息日顺延；单位不识为空';
"""

DROP = """
DROP FUNCTION due_on(text, date, int, text);
DROP FUNCTION nth_working_day_after(text, date, int);
DROP FUNCTION workday_at(text, int);
DROP FUNCTION working_days_between(text, date, date);
DROP FUNCTION workday_ordinal(text, date);
DROP FUNCTION workday_region(text);
DROP FUNCTION workday_weekday(int);
DROP FUNCTION workday_weekdays(date);
"""


class Migration(migrations.Migration):
    dependencies = [("organisation", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="workday",
            index=models.Index(fields=["region", "ordinal", "on"], name="workday_by_ordinal"),
        ),
        migrations.RunSQL(FUNCTIONS, DROP),
    ]
