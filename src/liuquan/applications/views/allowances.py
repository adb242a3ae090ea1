"""How often strangers may hand in applications."""

from __future__ import annotations

from liuquan.kernel.rate_limits import Allowance

SUBMISSIONS = Allowance(
    "submit", 10, 3600, "您在一小时内提交的申请较多，请过一会儿再提交；着急的请到窗口或者拨打服务电话办理。"
)
SUBMISSIONS_FROM_ADDRESS = Allowance(
    "submit_address", 100, 3600, "这个网络地址提交的申请太多，请过一会儿再提交，或者到窗口办理。"
)
