"""Say which interpreter runs this: that of the environment which was set up."""

import sys

print(sys.executable)
