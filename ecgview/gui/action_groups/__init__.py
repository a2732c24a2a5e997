"""What can be done, a group of actions a file; `ecgview.gui.actions` puts them together."""
