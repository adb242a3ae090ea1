"""How often strangers may try codes."""

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
