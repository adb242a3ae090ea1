-- id: promise_past
-- version: 1
-- name: 超过承诺时限
-- sentence: “{label}”已于{due_on}届满，未在承诺时限内办结。
-- ended: “{label}”{due_on}届满，逾期，{ended_on}才办结。
-- severity: red
-- standing: lasting
-- kinds: *
-- scope: 作出时限承诺的一切案件
-- basis: 优化营商环境条例 第三十六条
-- owes: 未在承诺时限内办结的，责任单位应当公开说明理由。
-- in_force: 2020-01-01 ..
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
WHERE k.key = 'promised'
    AND k.sense = 'at_most'
    AND NOT k.provisional
    AND k.due_at <= :now
    AND (k.counts_until IS NULL OR k.due_at <= k.counts_until)
    AND (:subjects IS NULL OR k.case_number = ANY(:subjects))
