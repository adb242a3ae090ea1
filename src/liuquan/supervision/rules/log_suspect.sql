-- id: log_suspect
-- version: 1
-- name: 日志回退或者不连续
-- sentence: 该日志签出的检查点接不上已经见证的记录：{label}。
-- severity: red
-- standing: passing
-- kinds: log
-- scope: 本中心作见证的日志
-- basis: 行政许可法 第四十条；行政处罚法 第四十七条
-- owes: 立即与该日志所在机关核实；证明属同一记录的自动解除，不能证明的按分叉处理。
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
    AND f.fault <> 'fork'
    AND f.settled_at IS NULL
    AND f.effective_at <= :now
    AND (:subjects IS NULL OR f.log = ANY(:subjects))
