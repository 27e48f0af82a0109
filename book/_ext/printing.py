"""A page of the site on paper: its styles, and what no style can do.

The theme of a page is an attribute of it: on paper it is the light one, or letters made for
black would be printed on white. A table that is folded away is printed open.
"""

PREPARE = """
{
  const root = document.documentElement;
  let folded = [], theme;
  addEventListener("beforeprint", () => {
    theme = root.dataset.theme;
    root.dataset.theme = "light";
    folded = [...document.querySelectorAll("main details:not([open])")];
    for (const details of folded) details.open = true;
  });
  addEventListener("afterprint", () => {
    root.dataset.theme = theme;
    for (const details of folded) details.open = false;
  });
}
"""


def setup(app):
    """Have every page know how it is printed."""
    app.add_css_file("print.css", media="print")
    app.add_js_file(None, body=PREPARE)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
