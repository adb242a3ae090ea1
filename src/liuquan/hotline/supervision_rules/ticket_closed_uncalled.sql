-- id: ticket_closed_uncalled
-- version: 1
-- name: 没有回访就办结
-- sentence: 承办单位答复以后，没有回访诉求人，也没有打满规定的次数，就办结了。
-- severity: red
-- standing: lasting
-- kinds: ticket
-- scope: 承办单位答复过的工单
-- basis: 国办发〔2020〕53号
-- owes: 热线中心补做回访，说明为什么没有回访。
-- in_force: 2020-12-28 ..
-- parameters: now, subjects
SELECT
    e.case_number AS subject_number,
    CAST(e.entry AS TEXT) AS key,
    e.body_code,
    e.effective_at AS since_at,
    e.post_code
FROM caselog.events AS e
JOIN caselog.events AS a ON a.case_number = e.case_number
    AND a.event = 'ticket.answered'
    AND a.sequence < e.sequence
WHERE e.to_state = 'closed'
    AND e.event <> 'ticket.called_back'
    -- the last answer before it
    AND NOT EXISTS (
        SELECT 1 FROM caselog.events AS b
        WHERE b.case_number = e.case_number
            AND b.event = 'ticket.answered'
            AND b.sequence > a.sequence
            AND b.sequence < e.sequence
    )
    AND (
        SELECT COUNT(*) FROM caselog.events AS u
        WHERE u.case_number = e.case_number
            AND u.event = 'ticket.unreached'
            AND u.sequence > a.sequence
    ) < 3
    AND e.effective_at <= :now
    AND (:subjects IS NULL OR e.case_number = ANY(:subjects))
