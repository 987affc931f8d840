"""Has numbers of ten thousand digits, NaN and 1e999 in it.

ends: ok
earns: full
"""


def hand_in(path, notebook):
    import json

    text = json.dumps({**notebook, "extra": "HERE"}).replace(
        '"HERE"', "9" * 10_000 + ', "b": 1e999, "c": NaN'
    )
    path.write_text(text)
