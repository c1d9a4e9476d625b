"""The interviewer's card in the seat: filled over the session, with evidence taken from it.

What a card is and who may see it are `recorder.cards`'; how the cards lie in a debrief is not here.
"""
