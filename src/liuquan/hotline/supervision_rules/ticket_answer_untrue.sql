-- id: ticket_answer_untrue
-- version: 1
-- name: 答复已解决而诉求人不认可
-- sentence: 承办单位答复“已解决”，回访时诉求人认为没有解决，工单没有发回重办就办结了。
-- severity: red
-- standing: lasting
-- kinds: ticket
-- scope: 一切回访；认定为不合理诉求的由监察人员依法认定
-- basis: 国办函〔2025〕66号
-- owes: 承办单位说明事实；没有解决的继续办理，答复不实的追究责任。
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
WHERE e.event = 'ticket.called_back'
    AND e.public ->> 'confirmed' = 'no'
    AND a.public ->> 'fixed' = 'fixed'
    -- the last answer before it
    AND NOT EXISTS (
        SELECT 1 FROM caselog.events AS b
        WHERE b.case_number = e.case_number
            AND b.event = 'ticket.answered'
            AND b.sequence > a.sequence
            AND b.sequence < e.sequence
    )
    AND e.effective_at <= :now
    AND (:subjects IS NULL OR e.case_number = ANY(:subjects))
