-- id: ticket_redone_again
-- version: 1
-- name: 重办不止一次
-- sentence: 同一单位答复以后，这一工单第二次发回重办或者被诉求人再次反映。
-- severity: red
-- standing: lasting
-- kinds: ticket
-- scope: 一切工单
-- basis: 国办发〔2020〕53号
-- owes: 单位负责人说明为什么仍未办好，提出解决的办法和日期。
-- in_force: 2020-12-28 ..
-- parameters: now, subjects
SELECT
    e.case_number AS subject_number,
    CAST(e.entry AS TEXT) AS key,
    a.body_code,
    e.effective_at AS since_at,
    e.post_code
FROM caselog.events AS e
JOIN caselog.events AS a ON a.case_number = e.case_number
    AND a.event = 'ticket.answered'
    AND a.sequence < e.sequence
WHERE e.event IN ('ticket.redone', 'ticket.asked_again')
    -- the last answer before it
    AND NOT EXISTS (
        SELECT 1 FROM caselog.events AS b
        WHERE b.case_number = e.case_number
            AND b.event = 'ticket.answered'
            AND b.sequence > a.sequence
            AND b.sequence < e.sequence
    )
    AND EXISTS (
        SELECT 1 FROM caselog.events AS f
        JOIN caselog.events AS g ON g.case_number = f.case_number
        WHERE f.case_number = e.case_number
            AND f.event IN ('ticket.redone', 'ticket.asked_again')
            AND f.sequence < e.sequence
            AND g.event = 'ticket.answered'
            AND g.body_code = a.body_code
            AND g.sequence < f.sequence
    )
    AND e.effective_at <= :now
    AND (:subjects IS NULL OR e.case_number = ANY(:subjects))
