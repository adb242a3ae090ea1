-- id: ticket_answer_escalated
-- version: 1
-- name: 逾期五个工作日未答复
-- sentence: “{label}”已于{due_on}届满，又过了五个工作日仍未答复诉求人，应当报请领导督办。
-- severity: red
-- standing: lasting
-- kinds: ticket
-- scope: 已派单的工单
-- basis: 国办发〔2020〕53号；逾期后的通报和问责由本地热线管理办法规定
-- owes: 单位负责人说明原因并限期办结；热线中心报领导督办。
-- in_force: 2020-12-28 ..
-- parameters: now, subjects
SELECT
    k.case_number AS subject_number,
    k.clock AS key,
    k.body_code,
    k.five_days_past_at AS since_at,
    k.key AS clock_key,
    k.step,
    k.label,
    k.amount,
    k.unit,
    k.anchor_at,
    k.due_on
FROM caselog.clocks AS k
WHERE k.key = 'handling'
    AND NOT k.provisional
    AND k.five_days_past_at <= :now
    AND (k.counts_until IS NULL OR k.five_days_past_at <= k.counts_until)
    AND (:subjects IS NULL OR k.case_number = ANY(:subjects))
