"""Time travel on disk: one SQLite file a session, from which any moment is opened without a replay.

The file is ``<home>/cache/<session>/index.sqlite`` (`recorder.home.Home.index`). The recording is
the truth: the index is outside the manifest, may be deleted at any time, and is made again by
whoever needs it. Nobody fails for want of it: what cannot be used is as if it were not there.

**One pass fills it.** An `analyzer.index.writer.IndexWriter` is shown every event of a recording,
in the reader's order and from its beginning, together with the terminal that has just taken it in;
the follower and the analysis lend the terminals that they run anyway. It hands both to its sinks,
and writes what they have gathered in transactions of about a second.

**A sink is one kind of knowledge**: `analyzer.index.keyframes` is one, the search index another.
To add one, write a class with the methods of `analyzer.index.sink.Sink` and name it in
`analyzer.index.sinks.SINKS`; a change of what it stores raises its ``version``, and every index
made before is then made anew.

**One writer at a time** holds the lock beside the file (`analyzer.index.file.Lock`). A pass that
begins anew, because its forerunner was killed or events came late, writes nothing until it has
read as far as what lies there, and then replaces all of it in one transaction: what readers see
only ever grows. Readers keep no transaction open and look at the file's ``generation`` with each
question, so that a pass that replaced it is noticed.

Widgets, printing and what a screen means do not belong here.
"""
