-- id: ticket_merged_untold
-- version: 2
-- name: 并单的诉求人没有告知
-- sentence: 主单已经结束，过了一日，并入它的工单的诉求人还没有得到告知，件件有回音没有做到。
-- severity: red
-- standing: lasting
-- kinds: ticket
-- scope: 有并单的工单，不论主单怎样结束：答复、告知法定途径、转接、撤回、再次并单
-- basis: 国办发〔2020〕53号
-- owes: 热线中心立即告知诉求人；主单没有答复的，请诉求人重新反映，单独办理。
-- in_force: 2020-12-28 ..
-- parameters: now, subjects
SELECT
    c.case_number AS subject_number,
    m.case_number AS key,
    m.body_code,
    c.closed_at AS since_at,
    m.case_number AS merged
FROM caselog.events AS m
JOIN caselog.cases AS c ON c.case_number = m.public ->> 'into'
-- the last answer or end of the ticket that is handled
JOIN caselog.events AS e ON e.case_number = c.case_number
    AND e.event IN (
        'ticket.answered', 'ticket.answered_now', 'ticket.way_told', 'ticket.transferred',
        'ticket.withdrawn', 'ticket.merged', 'ticket.joined'
    )
WHERE m.event IN ('ticket.merged', 'ticket.joined', 'ticket.moved_with')
    AND c.closed_at + INTERVAL '1 day' <= :now
    AND NOT EXISTS (
        SELECT 1 FROM caselog.events AS f
        WHERE f.case_number = e.case_number
            AND f.event IN (
                'ticket.answered', 'ticket.answered_now', 'ticket.way_told', 'ticket.transferred',
                'ticket.withdrawn', 'ticket.merged', 'ticket.joined'
            )
            AND f.sequence > e.sequence
    )
    -- told of it, or waiting with another one since
    AND NOT EXISTS (
        SELECT 1 FROM caselog.events AS t
        WHERE t.case_number = m.case_number
            AND (
                (
                    t.event IN ('ticket.told_with', 'ticket.ended_with')
                    AND t.effective_at >= e.effective_at
                )
                OR (t.event = 'ticket.moved_with' AND t.sequence > m.sequence)
            )
            AND t.effective_at < c.closed_at + INTERVAL '1 day'
    )
    AND (:subjects IS NULL OR c.case_number = ANY(:subjects))
