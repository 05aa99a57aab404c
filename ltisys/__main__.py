"""``python -m ltisys`` is the command ``ltisys``."""

import sys

from .app import main

if __name__ == "__main__":
    sys.exit(main())
