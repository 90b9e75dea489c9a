"""`python -m incubator` is the `incubator` command."""

from incubator.cli import main

main()
