-- id: ticket_pushed_down
-- version: 1
-- name: 没有依据派给基层
-- sentence: 没有派单目录的依据，把诉求派给了乡镇、街道或者村、社区，部门的职责不能下压给基层。
-- severity: red
-- standing: lasting
-- kinds: ticket
-- scope: 一切派单和改派
-- basis: 国办函〔2025〕66号
-- owes: 热线中心说明依据；属于部门职责的，改派部门办理。
-- in_force: 2020-12-28 ..
-- parameters: now, subjects
SELECT
    e.case_number AS subject_number,
    CAST(e.entry AS TEXT) AS key,
    e.body_code,
    e.effective_at AS since_at,
    e.post_code
FROM caselog.events AS e
WHERE e.event IN ('ticket.dispatched', 'ticket.redispatched')
    AND e.public ->> 'by_catalogue' = 'false'
    AND e.public ->> 'grass_roots' = 'true'
    AND e.effective_at <= :now
    AND (:subjects IS NULL OR e.case_number = ANY(:subjects))
