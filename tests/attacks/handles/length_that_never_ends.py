"""Never says how long it is.

ends: timeout
earns: 8
"""


# %% tally
class Tally:
    add = lambda self, thing: None

    def __len__(self):
        while True:
            pass
