-- id: ticket_answer_near
-- version: 1
-- name: 临近办理时限
-- sentence: “{label}”将于{due_on}届满，已到预警时刻，请抓紧办理并答复诉求人。
-- severity: yellow
-- standing: passing
-- kinds: ticket
-- scope: 已派单、尚未答复的工单；退单待审和协调期间不计
-- basis: 国办发〔2020〕53号；办理时限和预警比例由本地热线管理办法规定
-- owes: 提醒承办单位，不需要说明；答复、退单或者转为红牌时自动解除。
-- in_force: 2020-12-28 ..
-- parameters: now, subjects
SELECT
    k.case_number AS subject_number,
    k.clock AS key,
    k.body_code,
    k.warn_at AS since_at,
    k.key AS clock_key,
    k.step,
    k.label,
    k.amount,
    k.unit,
    k.anchor_at,
    k.due_on
FROM caselog.clocks AS k
JOIN caselog.cases AS c ON c.case_number = k.case_number
WHERE k.key = 'handling'
    AND c.state IN ('dispatched', 'handling')
    AND k.counts_until IS NULL
    AND k.warn_at <= :now
    AND (k.due_at > :now OR k.provisional)
    AND (:subjects IS NULL OR k.case_number = ANY(:subjects))
