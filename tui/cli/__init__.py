"""The command line: one module a group of verbs, loaded only when its verb is called.

Data goes to stdout, narration to stderr. What a verb does lives in the packages below; here are
its options, its help, and how its result is printed.
"""
