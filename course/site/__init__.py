"""The site converter: lessons, exercises and data cards become plain Markdown pages.

Modules in the order that data flows; each imports only modules above it:

    fault      what is wrong in a source, collected so that one build names everything
    claims     what prose takes from the data, `{{ literal | expression:format }}`
    paths      paths of the machine, which no page may show
    lesson     one jupytext percent file, read and checked
    outline    the course: modules, lessons and exercises in their order
    execute    runs lessons, two at a time, and keeps the results under a content hash
    outputs    one cell output → Markdown and files
    questions  self-check questions → folded answers
    parts      what pages of several kinds show alike
    convert    a lesson and its run → its page
    download   a lesson → the notebook that is offered beside the page
    exercises  an exercise → its page; the table of all
    needs      which module builds on which, as a drawing
    maps       the road of the course, its map, and each module's page
    markers    what plain pages leave to fill in: the road, provenance, borrowed numbers
    finish     last touches to finished HTML
    tree       everything above, as one mapping of path to content

Two doors use `tree`: `hook` for MkDocs (`mkdocs build`, `mkdocs serve`) and the command
`python -m course.site`, which writes the Markdown tree for any other site builder.
"""

import sys

# jsonschema, which nbformat imports, would compile 38 grammars for a kind of field that notebooks
# do not have: a second and a half, half of a cached build. It does without when they are missing.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
