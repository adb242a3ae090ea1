"""How often strangers may bring requests: by address, by telephone, and the same words."""

from __future__ import annotations

from liuquan.kernel.rate_limits import Allowance

#: generous: everybody in a service hall shares one
FROM_ADDRESS = Allowance(
    "hotline_address", 60, 3600, "这个网络地址提交的诉求太多，请过一会儿再提交，着急的请拨打热线电话。"
)
FROM_PHONE = Allowance(
    "hotline_phone", 20, 86_400, "这个手机号码今天提交的诉求太多，请明天再提交，着急的请拨打热线电话。"
)
#: the same words from one telephone, or from one address where no telephone is given
SAME = Allowance(
    "hotline_same",
    1,
    86_400,
    "同样的内容今天已经提交过，已经登记，不用再提交；要补充情况的，请凭编号和查询码到“查进度”里补充。",
)
