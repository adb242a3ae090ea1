-- id: second_notice
-- version: 1
-- name: 再次告知补正
-- sentence: 同一案件再次告知补正时要求了先前没有告知的内容，或者又要求已经补交的材料，没有一次告知全部需要补正的内容。
-- severity: red
-- standing: lasting
-- kinds: application
-- scope: 一切办件
-- basis: 行政许可法 第三十二条第一款第四项；行政许可法 第七十二条
-- owes: 说明为什么没有一次告知全部内容。
-- in_force: 2004-07-01 ..
-- parameters: now, subjects
SELECT
    e.case_number AS subject_number,
    CAST(e.entry AS TEXT) AS key,
    c.body_code,
    e.effective_at AS since_at,
    e.post_code
FROM caselog.events AS e
JOIN caselog.cases AS c ON c.case_number = e.case_number
WHERE e.event = 'application.supplement_notified'
    AND e.public ->> 'again' = 'true'
    AND e.effective_at <= :now
    AND (:subjects IS NULL OR e.case_number = ANY(:subjects))
