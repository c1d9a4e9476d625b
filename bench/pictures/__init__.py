"""Pictures of the seat for README and documentation, made by `make pictures`, never by hand.

`table` says which there are; adding one is a line there. The session they show lies in `demo`: the
demo's candidate, recorded once by `jumpseat serve --target practice --exercise ghost`, every moment
45 times as late, so that it fills an hour, and with addresses of documentation.
"""
