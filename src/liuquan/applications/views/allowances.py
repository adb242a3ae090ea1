"""How often strangers may try codes and hand in applications."""

from __future__ import annotations

from liuquan.kernel.rate_limits import Allowance

#: per address and case number
CODES = Allowance(
    "code", 5, 900, "查询码连续输错 5 次，请 15 分钟后再试；忘记查询码的，请持身份证件到窗口查询。"
)
#: per address: generous, because everybody in a service hall shares one
ADDRESSES = Allowance(
    "code_address", 60, 900, "这个网络地址查询出错的次数太多，请 15 分钟后再试，或者拨打服务电话查询。"
)
SUBMISSIONS = Allowance(
    "submit", 10, 3600, "您在一小时内提交的申请较多，请过一会儿再提交；着急的请到窗口或者拨打服务电话办理。"
)
SUBMISSIONS_FROM_ADDRESS = Allowance(
    "submit_address", 100, 3600, "这个网络地址提交的申请太多，请过一会儿再提交，或者到窗口办理。"
)
