"""The script that prepares a target: a shell script, and who fills in its settings.

The script is a file that can be read, checked and run as it is.
"""
