"""Calibration as people see it: sessions whose cards they may see, plots, words of figures."""
