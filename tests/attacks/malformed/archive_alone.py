"""Hands in a zip archive and no notebook: bombs, links and paths that lead elsewhere in it.

ends: unreadable
earns: 0
"""


def hand_in(path, notebook):
    import json
    import zipfile

    with zipfile.ZipFile(path.with_suffix(".zip"), "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(path.name, json.dumps(notebook))
        for up in range(1, 8):
            made.writestr("../" * up + "slipped.txt", "slipped")
        made.writestr("@DROP@/slipped.txt", "slipped")
        made.writestr("zeros", bytes(100_000_000))
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        made.writestr(link, "@COURSE@/gradebook.db")
