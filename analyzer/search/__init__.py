"""Finding text that was ever on a candidate's screen, and when it stood there.

`lines` notes what a screen showed, `sink` keeps it in the session's index, `query` says what is
looked for, `find` looks, `sessions` opens what there is to look in. Printing and drawing are the
tui's.
"""
