"""The frozen window, without a console."""

from ecgview.__main__ import gui_main

gui_main()
