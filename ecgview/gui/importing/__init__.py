"""Importing: what a file does not say, or says wrongly, is asked for, corrected and undone.

``importing`` has the commands, ``questions`` puts files that must be asked about in a row, and
``remembering`` keeps answers for a kind of file. ``dialog`` is the import dialog, made of
``fields``, ``signal_table`` and ``trace_cell``; what its fields mean is in ``answers``, what it
reads of the file in ``tracing``. ``report_dialog`` is the import report, worded in ``words``.
"""
