"""The tool under test stands beside the package, not in it."""

import sys

from liuquan.kernel.home import CHECKOUT

if str(CHECKOUT) not in sys.path:
    sys.path.append(str(CHECKOUT))
