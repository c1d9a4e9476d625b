"""The replay's timeline: tasks, activity, tags and notes, the clock's phases, the position.

Values and arithmetic stand apart from drawing, and drawing from the widget. The candidate's screen
and the lists beside it do not belong here.
"""
