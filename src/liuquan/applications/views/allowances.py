"""How often strangers may hand in applications, begin drafts, and try the codes of drafts."""

from __future__ import annotations

from liuquan.kernel.rate_limits import Allowance

SUBMISSIONS = Allowance(
    "submit", 10, 3600, "您在一小时内提交的申请较多，请过一会儿再提交；着急的请到窗口或者拨打服务电话办理。"
)
SUBMISSIONS_FROM_ADDRESS = Allowance(
    "submit_address", 100, 3600, "这个网络地址提交的申请太多，请过一会儿再提交，或者到窗口办理。"
)
#: each may hold files for a week
DRAFTS = Allowance("draft", 100, 3600, "这个网络地址新开的申请太多，请过一会儿再试，或者到窗口办理。")
DRAFT_CODES = Allowance(
    "draft_code", 20, 900, "草稿码出错的次数太多，请 15 分钟后再试；着急的请重新申请，或者到窗口办理。"
)
