-- id: errand_outlasts_parent
-- version: 1
-- name: 总件到期子件未办结
-- sentence: 总件{parent}的“{label}”已于{due_on}届满，本件当时没有办结，至今仍未办结。
-- severity: red
-- standing: passing
-- kinds: errand
-- scope: 由别的交办件分出的一切交办件；办结后自动解除；由总件到期时承办本件的单位答复
-- basis: 优化营商环境条例 第三十六条
-- owes: 立即办结，说明为什么没有在总件的期限内办结。
-- in_force: 2020-01-01 ..
-- parameters: now, subjects
SELECT
    c.case_number AS subject_number,
    k.clock AS key,
    b.body_code,
    k.due_at AS since_at,
    c.parent,
    k.label,
    k.due_on
FROM caselog.cases AS c
JOIN caselog.clocks AS k ON k.case_number = c.parent AND k.key = 'answer'
JOIN caselog.bodies AS b ON b.case_number = c.case_number AND b.role = 'lead'
WHERE c.closed_at IS NULL
    AND b.from_at <= k.due_at
    AND (b.to_at IS NULL OR b.to_at > k.due_at)
    AND NOT k.provisional
    AND k.due_at <= :now
    AND (k.counts_until IS NULL OR k.due_at <= k.counts_until)
    AND (:subjects IS NULL OR c.case_number = ANY(:subjects))
