"""`python -m liuquan_verify`."""

import sys

from liuquan_verify.command import main

sys.exit(main())
