-- id: ticket_called_by_handler
-- version: 1
-- name: 答复的单位自己回访
-- sentence: 回访由答复的单位自己进行，应当由承办单位以外的人回访。
-- severity: red
-- standing: lasting
-- kinds: ticket
-- scope: 一切回访
-- basis: 国办发〔2020〕53号
-- owes: 由承办单位以外的人重新回访，本次结果不计。
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
WHERE e.event IN ('ticket.called_back', 'ticket.unreached')
    AND a.body_code = e.body_code
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
