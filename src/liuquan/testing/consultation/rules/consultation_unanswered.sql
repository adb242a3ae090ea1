-- id: consultation_unanswered
-- version: 1
-- name: 咨询逾期未答复
-- sentence: 咨询应当于{due_on}前答复，至今没有答复。
-- severity: red
-- standing: passing
-- kinds: consultation
-- scope: 一切咨询；答复后自动解除
-- basis: 优化营商环境条例 第三十六条
-- owes: 立即答复，说明没有按期答复的原因。
-- in_force: 2020-01-01 ..
-- parameters: now, subjects
SELECT
    k.case_number AS subject_number,
    k.clock AS key,
    k.body_code,
    k.due_at AS since_at,
    k.label,
    k.due_on
FROM caselog.clocks AS k
JOIN caselog.cases AS c ON c.case_number = k.case_number
WHERE k.key = 'answer'
    AND c.state = 'asked'
    AND NOT k.provisional
    AND k.due_at <= :now
    AND (:subjects IS NULL OR k.case_number = ANY(:subjects))
