-- id: ticket_returned_often
-- version: 1
-- name: 第三次退单
-- sentence: 同一工单第三次被退回，两次退单以后职责有争议的，应当由热线中心协调确定主办单位。
-- severity: red
-- standing: lasting
-- kinds: ticket
-- scope: 一切退单
-- basis: 国办函〔2025〕66号
-- owes: 热线中心说明为什么没有提请协调；退单单位说明依据。
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
    AND (
        SELECT COUNT(*) FROM caselog.events AS f
        WHERE f.case_number = e.case_number
            AND f.event = 'ticket.returned'
            AND f.sequence < e.sequence
    ) >= 2
    AND e.effective_at <= :now
    AND (:subjects IS NULL OR e.case_number = ANY(:subjects))
