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
#: codes for 我的办件, per document and mobile asked for, whether or not they are anybody's
ASKED_CODES = Allowance(
    "mine_code",
    3,
    1800,
    "验证码获取得太频繁，请半小时后再试；着急的，可以用编号和查询码查进度，或者到窗口查询。",
)
#: the same per address: a service hall shares one
ASKING_ADDRESSES = Allowance(
    "mine_address", 30, 1800, "这个网络地址获取验证码的次数太多，请半小时后再试，或者拨打服务电话查询。"
)
#: codes to an address for mail, per person
EMAIL_CODES = Allowance("mine_email", 3, 1800, "验证码获取得太频繁，请半小时后再试。")
#: codes typed, per address
TYPED_CODES = Allowance("mine_typed", 60, 1800, "输错的次数太多，请半小时后再试。")
