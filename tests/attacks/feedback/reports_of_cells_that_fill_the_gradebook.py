"""Reports of 300 cells twenty thousand characters each, every one of which JSON writes in twelve.

ends: timeout|crashed
earns: 0
"""

import json

FORGE = """
import os, socket, stat, time
from grader.wire import message as wire
for descriptor in range(3, 64):
    try:
        if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
            control = socket.socket(fileno=os.dup(descriptor))
    except OSError:
        pass
text = "\\U0001f600" * 20_000
report = {"status": "ok", "error": text[:2_000], "stdout": text}
for index in range(300):
    wire.send(control, {"cell": index, **report})
wire.send(control, {"done": True})
time.sleep(20)
"""


def hand_in(path, notebook):
    cells = notebook["cells"]
    own = [
        {
            "cell_type": "code",
            "id": f"own-{n}",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": f"x = {n}" if n else FORGE,
        }
        for n in range(300)
    ]
    place = next(n for n, c in enumerate(cells) if c["metadata"]["grader"]["origin"] == "answer")
    cells[place:place] = own
    path.write_text(json.dumps(notebook))
