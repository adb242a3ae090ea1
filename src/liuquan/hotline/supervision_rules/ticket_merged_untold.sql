-- id: ticket_merged_untold
-- version: 1
-- name: 并单的诉求人没有告知
-- sentence: 主单已经结束，并入它的工单的诉求人还没有得到告知，件件要有回音。
-- severity: red
-- standing: lasting
-- kinds: ticket
-- scope: 有并单的工单；答复以后才并入的随回访告知，不在此列
-- basis: 国办发〔2020〕53号
-- owes: 热线中心立即告知诉求人；主单没有答复的，把并入的工单重新办理。
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
WHERE m.event = 'ticket.merged'
    AND c.closed_at <= :now
    AND NOT EXISTS (
        SELECT 1 FROM caselog.events AS t
        WHERE t.case_number = m.case_number
            AND t.event = 'ticket.told_with'
            AND t.effective_at <= c.closed_at
    )
    AND NOT EXISTS (
        SELECT 1 FROM caselog.events AS a
        WHERE a.case_number = c.case_number
            AND a.event = 'ticket.answered'
            AND a.sequence < m.sequence
    )
    AND (:subjects IS NULL OR c.case_number = ANY(:subjects))
