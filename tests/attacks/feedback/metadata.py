"""Writes markup into titles, tags, names, ids, languages and attachments.

ends: ok
earns: full
"""


def hand_in(path, notebook):
    import json

    bad = '</title></style><script>window.taken=1</script>" onmouseover="window.taken=1'
    notebook["metadata"] |= {
        "title": bad,
        "authors": [{"name": bad}],
        "language_info": {"name": bad, "codemirror_mode": bad, "pygments_lexer": bad},
        "widgets": {"x": {"state": bad}},
    }
    for cell in notebook["cells"]:
        cell["metadata"] |= {"tags": [bad], "name": bad, "slideshow": bad}
        cell["attachments"] = {bad: {"text/html": bad, "image/png": bad}}
    path.write_text(json.dumps(notebook))
