-- id: log_broken
-- version: 1
-- name: 本中心日志不符
-- sentence: 本中心的公开日志与记录不符：{label}。
-- severity: red
-- standing: lasting
-- kinds: log
-- scope: 本中心的公开日志：核查不符、拒绝签署、见证方不认可
-- basis: 行政许可法 第四十条；行政处罚法 第四十七条
-- owes: 停止改动数据库和备份，保全现场，由不参与系统管理的人员查明原因。
-- in_force: 2020-01-01 ..
-- parameters: now, subjects
SELECT
    f.log AS subject_number,
    -- the problem, not the entry: what is not put right is found again every night, and is one finding
    md5(f.event || ' ' || f.fault || ' ' || f.label) AS key,
    g.body_code,
    MIN(f.effective_at) AS since_at,
    f.fault,
    f.label
FROM caselog.record_faults AS f
JOIN caselog.logs AS g ON g.log = f.log
WHERE f.event IN ('journal.audit_failed', 'journal.sealing_refused', 'journal.log_objected')
    AND f.effective_at <= :now
    AND (:subjects IS NULL OR f.log = ANY(:subjects))
GROUP BY f.log, f.event, f.fault, f.label, g.body_code
