"""The frozen command line."""

from ecgview.__main__ import main

main()
