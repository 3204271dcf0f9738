"""Documents under control on paper: what stands around a text, and how people's text becomes one.

`paper.ControlledPaper` says what a document holds, `text.markdown_to_paper` makes its body out of Markdown,
`pages.paper_html` sets it, `pages.write_paper` makes the PDF. Nothing here knows what the documents are about.
"""
