-- id: special_over
-- version: 1
-- name: 特别程序超过告知时间
-- sentence: “{label}”书面告知当事人于{due_on}结束，超过了告知的时间。
-- severity: red
-- standing: lasting
-- kinds: *
-- scope: 依法不计入期限的一切特别程序；本件的期限是否超过另行判断
-- basis: 行政许可法 第四十五条
-- owes: 说明为什么超过告知的时间；还没有结束的，尽快结束并告知当事人。
-- in_force: 2004-07-01 ..
-- parameters: now, subjects
SELECT
    s.case_number AS subject_number,
    s.suspension AS key,
    s.body_code,
    s.over_at AS since_at,
    s.label,
    s.announced_to_on AS due_on
FROM caselog.suspensions AS s
WHERE s.over_at <= :now
    AND (s.to_on IS NULL OR s.to_on > s.announced_to_on)
    AND (:subjects IS NULL OR s.case_number = ANY(:subjects))
