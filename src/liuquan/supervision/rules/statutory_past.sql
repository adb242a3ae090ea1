-- id: statutory_past
-- version: 1
-- name: 超过法定时限
-- sentence: “{label}”已于{due_on}届满，未在法定期限内作出决定。
-- ended: “{label}”{due_on}届满，逾期，{ended_on}才作出决定。
-- severity: red
-- standing: lasting
-- kinds: *
-- scope: 有法定办结时限的一切案件
-- basis: 行政许可：行政许可法 第四十二条、第七十四条第二项；其他事项：该期限所引的法律条文
-- owes: 不在法定期限内作出决定的，由上级机关或者监察机关责令改正。
-- in_force: 2004-07-01 ..
-- parameters: now, subjects
SELECT
    k.case_number AS subject_number,
    k.clock AS key,
    k.body_code,
    k.due_at AS since_at,
    k.key AS clock_key,
    k.step,
    k.label,
    k.amount,
    k.unit,
    k.anchor_at,
    k.due_on
FROM caselog.clocks AS k
WHERE k.key = 'statutory'
    AND k.sense = 'at_most'
    AND NOT k.provisional
    AND k.due_at <= :now
    AND (k.counts_until IS NULL OR k.due_at <= k.counts_until)
    AND (:subjects IS NULL OR k.case_number = ANY(:subjects))
