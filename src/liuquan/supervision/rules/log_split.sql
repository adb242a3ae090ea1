-- id: log_split
-- version: 1
-- name: 日志分叉
-- sentence: 该日志以自己的密钥签出了两份互相矛盾的检查点，给不同的人看了不同的记录。
-- severity: red
-- standing: lasting
-- kinds: log
-- scope: 本中心作见证的日志
-- basis: 行政许可法 第四十条；行政处罚法 第四十七条
-- owes: 保全两份签名原文，通报该日志所在机关及其上级，查明哪些记录被改写。
-- in_force: 2020-01-01 ..
-- parameters: now, subjects
SELECT
    f.log AS subject_number,
    CAST(f.entry AS TEXT) AS key,
    g.body_code,
    f.effective_at AS since_at,
    f.fault,
    f.label,
    f.known_size,
    f.offered_size
FROM caselog.record_faults AS f
JOIN caselog.logs AS g ON g.log = f.log
WHERE f.event = 'journal.witness_refused'
    AND f.fault = 'fork'
    AND f.effective_at <= :now
    AND (:subjects IS NULL OR f.log = ANY(:subjects))
