-- id: promise_near
-- version: 1
-- name: 临近承诺时限
-- sentence: “{label}”将于{due_on}届满，已到预警时刻，请抓紧办理。
-- ended: “{label}”{due_on}届满，到过预警时刻，{ended_on}办结。
-- severity: yellow
-- standing: passing
-- kinds: *
-- scope: 作出时限承诺、尚在计时的一切案件
-- basis: 优化营商环境条例 第三十六条；预警比例由本地电子监察办法规定
-- owes: 提醒承办单位，不需要说明；办结、暂停计时或者转为红牌时自动解除。
-- in_force: 2020-01-01 ..
-- parameters: now, subjects
SELECT
    k.case_number AS subject_number,
    k.clock AS key,
    k.body_code,
    k.warn_at AS since_at,
    k.key AS clock_key,
    k.step,
    k.label,
    k.amount,
    k.unit,
    k.anchor_at,
    k.due_on
FROM caselog.clocks AS k
WHERE k.key = 'promised'
    AND k.counts_until IS NULL
    AND k.warn_at <= :now
    -- a provisional end makes no red card, so its yellow one stays
    AND (k.due_at > :now OR k.provisional)
    AND (:subjects IS NULL OR k.case_number = ANY(:subjects))
