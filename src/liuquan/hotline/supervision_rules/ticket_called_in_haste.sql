-- id: ticket_called_in_haste
-- version: 1
-- name: 一天之内打完回访
-- sentence: 几次回访集中在同一个工作日打完，没有接通就办结了，没有另选时间再打。
-- severity: red
-- standing: lasting
-- kinds: ticket
-- scope: 多次回访没有接通而办结的工单
-- basis: 国办发〔2020〕53号
-- owes: 热线中心另选日期再次回访，补记结果。
-- in_force: 2020-12-28 ..
-- parameters: now, subjects
SELECT
    e.case_number AS subject_number,
    CAST(e.entry AS TEXT) AS key,
    e.body_code,
    e.effective_at AS since_at,
    e.post_code
FROM caselog.events AS e
WHERE e.event = 'ticket.closed_unreached'
    -- each call that was not answered begins the time for the next one
    AND (
        SELECT COUNT(DISTINCT k.due_on) FROM caselog.events AS u
        JOIN caselog.clocks AS k ON k.case_number = u.case_number AND k.anchor_at = u.effective_at
        WHERE u.case_number = e.case_number
            AND u.event = 'ticket.unreached'
            AND k.key = 'callback'
    ) < 2
    AND e.effective_at <= :now
    AND (:subjects IS NULL OR e.case_number = ANY(:subjects))
