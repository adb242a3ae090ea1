-- id: ticket_unreasonable_alone
-- version: 1
-- name: 一人认定不合理诉求
-- sentence: 认定诉求不合理没有经过另一个岗位提请，一人提请、一人认定才能不计入满意度。
-- severity: red
-- standing: lasting
-- kinds: ticket
-- scope: 一切不合理诉求的认定
-- basis: 国办函〔2025〕66号
-- owes: 撤销认定，由另一人重新审核。
-- in_force: 2020-12-28 ..
-- parameters: now, subjects
SELECT
    e.case_number AS subject_number,
    CAST(e.entry AS TEXT) AS key,
    e.body_code,
    e.effective_at AS since_at,
    e.post_code
FROM caselog.events AS e
WHERE e.event = 'ticket.unreasonable_confirmed'
    AND NOT EXISTS (
        SELECT 1 FROM caselog.events AS p
        WHERE p.case_number = e.case_number
            AND p.event = 'ticket.unreasonable_proposed'
            AND p.post_code <> e.post_code
            AND p.sequence < e.sequence
    )
    AND e.effective_at <= :now
    AND (:subjects IS NULL OR e.case_number = ANY(:subjects))
