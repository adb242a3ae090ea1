-- id: acceptance_late
-- version: 1
-- name: 逾期未告知
-- sentence: 收到材料后至{due_on}仍未作出受理、不予受理或者一次性告知，逾期不告知的自收到材料之日起即为受理。
-- severity: red
-- standing: lasting
-- kinds: application
-- scope: 逾期不告知即为受理的案件（行政许可）
-- basis: 行政许可法 第三十二条第一款第四项；行政许可法 第七十二条
-- owes: 责令改正；本件自收到材料之日起视为受理，期限从该日起算。
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
WHERE k.key = 'acceptance'
    -- only where the law attaches acceptance to silence; other items' acceptance is a duty like any other
    AND k.on_expiry <> ''
    AND k.sense = 'at_most'
    AND NOT k.provisional
    AND k.due_at <= :now
    AND (k.counts_until IS NULL OR k.due_at <= k.counts_until)
    AND (:subjects IS NULL OR k.case_number = ANY(:subjects))
