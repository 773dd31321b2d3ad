"""`python -m pillarcast.cli` is `pillarcast`."""

import sys

from pillarcast.cli import main

sys.exit(main())
