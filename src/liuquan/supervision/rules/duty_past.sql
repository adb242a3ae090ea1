-- id: duty_past
-- version: 1
-- name: 超过环节时限
-- sentence: “{label}”已于{due_on}届满，仍未办完。
-- ended: “{label}”{due_on}届满，逾期，{ended_on}才办完。
-- severity: red
-- standing: lasting
-- kinds: *
-- scope: 承诺、法定和逾期不告知即为受理以外的一切期限：环节、送达、公示、答复等
-- basis: 该期限所引的法律条文或者公布的时限；优化营商环境条例 第三十六条
-- owes: 说明延误的环节和岗位，尽快办完。
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
WHERE k.key NOT IN ('promised', 'statutory')
    -- where silence is acceptance, a rule of that kind of case says so on its own law
    AND NOT (k.key = 'acceptance' AND k.on_expiry <> '')
    AND k.sense = 'at_most'
    AND NOT k.provisional
    AND k.due_at <= :now
    AND (k.counts_until IS NULL OR k.due_at <= k.counts_until)
    AND (:subjects IS NULL OR k.case_number = ANY(:subjects))
