-- id: ticket_returned_again
-- version: 1
-- name: 同一单位再次退单
-- sentence: 同一单位把同一工单退了不止一次，退单不成立以后应当办理。
-- severity: red
-- standing: lasting
-- kinds: ticket
-- scope: 一切退单
-- basis: 国办函〔2025〕66号
-- owes: 说明为什么再次退单；确有争议的，由热线中心提请协调，不再退单。
-- in_force: 2020-12-28 ..
-- parameters: now, subjects
SELECT
    e.case_number AS subject_number,
    CAST(e.entry AS TEXT) AS key,
    e.body_code,
    e.effective_at AS since_at,
    e.post_code
FROM caselog.events AS e
WHERE e.event = 'ticket.returned'
    AND EXISTS (
        SELECT 1 FROM caselog.events AS f
        WHERE f.case_number = e.case_number
            AND f.event = 'ticket.returned'
            AND f.body_code = e.body_code
            AND f.sequence < e.sequence
    )
    AND e.effective_at <= :now
    AND (:subjects IS NULL OR e.case_number = ANY(:subjects))
