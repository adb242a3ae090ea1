-- id: ticket_off_catalogue
-- version: 1
-- name: 派单目录以外派单
-- sentence: 派给了派单目录以外的单位，请复核派单的理由；目录没有列这类诉求的，应当补充目录。
-- severity: yellow
-- standing: passing
-- kinds: ticket
-- scope: 尚未办结的工单；由联席会议确定主办单位的除外，办结或者改派以后自动解除
-- basis: 国办函〔2025〕66号
-- owes: 热线中心复核派单的理由，补充或者修改派单目录。
-- in_force: 2020-12-28 ..
-- parameters: now, subjects
SELECT
    e.case_number AS subject_number,
    CAST(e.entry AS TEXT) AS key,
    e.body_code,
    e.effective_at AS since_at,
    e.post_code
FROM caselog.events AS e
JOIN caselog.cases AS c ON c.case_number = e.case_number
WHERE e.event IN ('ticket.dispatched', 'ticket.redispatched')
    AND e.public ->> 'by_catalogue' = 'false'
    AND COALESCE(e.public ->> 'meeting', '') = ''
    AND c.closed_at IS NULL
    AND NOT EXISTS (
        SELECT 1 FROM caselog.events AS f
        WHERE f.case_number = e.case_number
            AND f.event = 'ticket.redispatched'
            AND f.sequence > e.sequence
    )
    AND e.effective_at <= :now
    AND (:subjects IS NULL OR e.case_number = ANY(:subjects))
