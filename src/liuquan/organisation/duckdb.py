"""Counting working days inside DuckDB, over a table `workday` of the same columns as ours.

The text of the macros, for analysts who open the case log or an export there. They give the answers of
`clock.Calendar` and of the functions in PostgreSQL, from 1950 to 2150; outside they give NULL. Beyond the
rows of the table every weekday is a working day, as everywhere else.

The macros take the region whose rows they read ('' is the country): they do not fall back to a parent region.
"""


def workday_macros(table: str = "workday") -> str:
    """The statements as one text, over this table (columns region, on, kind, ordinal). They make a table that
    extends beyond its first and last day, and the macros `workday_ordinal`, `working_days_between`,
    `nth_working_day_after`, `due_on`. Run them again when the table has changed."""
    return f"""
CREATE OR REPLACE MACRO workday_weekdays(d) AS
    CAST(((d - DATE '0001-01-01' + 1) // 7) * 5 + least((d - DATE '0001-01-01' + 1) % 7, 5) AS INTEGER);
CREATE OR REPLACE TEMP TABLE workday_long AS
WITH edges AS (
    SELECT region, max("on") AS last_on, max(ordinal) AS last_ordinal FROM {table} GROUP BY region
), days AS (
    SELECT CAST(unnest(generate_series(DATE '1950-01-01', DATE '2150-12-31', INTERVAL 1 DAY)) AS DATE) AS "on"
)
SELECT e.region, d."on", CASE
    WHEN w.ordinal IS NOT NULL THEN w.ordinal
    WHEN d."on" > e.last_on THEN e.last_ordinal + workday_weekdays(d."on") - workday_weekdays(e.last_on)
    ELSE workday_weekdays(d."on") END AS ordinal
FROM edges e CROSS JOIN days d LEFT JOIN {table} w ON w.region = e.region AND w."on" = d."on";
CREATE OR REPLACE MACRO workday_ordinal(r, d) AS
    (SELECT any_value(w.ordinal) FROM workday_long w WHERE w.region = r AND w."on" = d);
CREATE OR REPLACE MACRO workday_at(r, n) AS
    (SELECT min(w."on") FROM workday_long w WHERE w.region = r AND w.ordinal = n);
CREATE OR REPLACE MACRO working_days_between(r, a, b) AS workday_ordinal(r, b) - workday_ordinal(r, a);
CREATE OR REPLACE MACRO nth_working_day_after(r, d, n) AS
    CASE WHEN n >= 1 THEN workday_at(r, workday_ordinal(r, d) + n) END;
CREATE OR REPLACE MACRO due_on(r, begins, amount, unit) AS CASE
    WHEN amount = 0 THEN begins
    WHEN amount > 0 THEN workday_at(r, CASE unit WHEN 'working_day' THEN amount ELSE 1 END
        + workday_ordinal(r, CASE unit
            WHEN 'working_day' THEN begins
            WHEN 'calendar_day' THEN CAST(begins + to_days(amount - 1) AS DATE)
            WHEN 'month' THEN CAST(begins + to_months(amount) - to_days(1) AS DATE)
            WHEN 'year' THEN CAST(begins + to_years(amount) - to_days(1) AS DATE) END)) END;
"""
