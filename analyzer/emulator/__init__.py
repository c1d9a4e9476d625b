"""The parts of the emulator behind `analyzer.terminal`, from the cells up to the parser.

`pen` and `rows` are what a line is made of; `motions`, `grid`, `erasing`, `regions`, `sizes` and
`screen` are one class in layers, each of which knows those before it; `stream` cuts bytes into
control functions and looks them up in `table`; `snapshot` tells all of it as bytes. Others use
`analyzer.terminal`, and ask here only for a character's width and the emulator's version; what a
screen means does not belong here.
"""
