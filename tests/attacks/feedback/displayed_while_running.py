"""Displays scripts, frames, widgets and pictures while it runs.

ends: ok
earns: full
"""

# %%
from IPython.display import HTML, SVG, IFrame, Javascript, Markdown, display

BAD = "<script>window.taken=1</script><img src=x onerror=window.taken=1>"
print(BAD)
display(
    HTML(BAD), Javascript("window.taken=1"), Markdown(BAD), IFrame("http://127.0.0.1:@PORT@", 1, 1)
)
display({"image/png": "AAAA", "text/html": BAD}, raw=True)
display(
    SVG("<svg xmlns='http://www.w3.org/2000/svg' onload='window.taken=1'><script>1</script></svg>")
)
HTML(BAD)
