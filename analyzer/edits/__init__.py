"""File edits: which file was changed, by what, with which lines, as far as the terminal shows it.

Commands are `analyzer.commands`', what an edit means is `analyzer.signals`'.
"""
