-- id: ticket_mail_late
-- version: 1
-- name: 来信没有按时首次回复
-- sentence: 信箱的来信在登记二十四小时以后才首次回复。
-- severity: red
-- standing: lasting
-- kinds: ticket
-- scope: 渠道为信箱的工单；首次回复是派单、当场答复、告知途径、并单和转接里最早的一项
-- basis: GB/T 33358—2016
-- owes: 热线中心说明为什么没有按时回复。
-- in_force: 2017-07-01 ..
-- parameters: now, subjects
SELECT
    r.case_number AS subject_number,
    CAST(r.entry AS TEXT) AS key,
    f.body_code,
    f.effective_at AS since_at,
    f.post_code
FROM caselog.events AS r
JOIN caselog.events AS f ON f.case_number = r.case_number
WHERE r.event = 'ticket.registered'
    AND r.public ->> 'inlet' = 'mailbox'
    AND f.event IN (
        'ticket.dispatched', 'ticket.answered_now', 'ticket.way_told', 'ticket.merged', 'ticket.transferred'
    )
    AND f.effective_at >= r.effective_at + INTERVAL '24' HOUR
    AND NOT EXISTS (
        SELECT 1 FROM caselog.events AS b
        WHERE b.case_number = f.case_number
            AND b.event IN (
                'ticket.dispatched', 'ticket.answered_now', 'ticket.way_told', 'ticket.merged',
                'ticket.transferred'
            )
            AND b.sequence < f.sequence
    )
    AND f.effective_at <= :now
    AND (:subjects IS NULL OR r.case_number = ANY(:subjects))
