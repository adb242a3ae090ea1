-- id: call_without_outcome
-- version: 1
-- name: 来电没有去向
-- sentence: 来电结束以后没有工单、没有记下答复、也没有回拨，来电人等不到结果。
-- severity: red
-- standing: lasting
-- kinds: call
-- scope: 一切来电；满一日没有去向也没有回拨的，回拨过没有接通的满三日；每夜核对，核对以前补上去向的不计
-- basis: 国办函〔2025〕66号
-- owes: 热线中心立即回拨，写明去向。
-- in_force: 2020-12-28 ..
-- parameters: now, subjects
SELECT
    c.call AS subject_number,
    'outcome' AS key,
    c.body_code,
    c.settle_by AS since_at,
    c.arrived_at,
    c.outcome,
    c.tries
FROM caselog.calls AS c
WHERE c.settle_by <= :now
    AND (:subjects IS NULL OR c.call = ANY(:subjects))
