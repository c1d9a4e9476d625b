"""What an interviewer has on the desk: clock, tasks, probes, connections, questions, at a moment.

Pure: journal entries and findings in, frozen values out, for the present and for any moment of a
replay alike. No widget, no file and no clock of the machine belongs here.
"""
