"""`jumpseat demo`: the whole product at work on a practice server, with a candidate from a script.

Nothing here is a short cut: jump host, `ssh` and analysis are the processes that real interviews
use. The script is data in `tui.demo.script`.
"""
