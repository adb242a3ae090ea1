"""The modules beside these tests are theirs and `record.py`'s alone; they are found by their own names."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
