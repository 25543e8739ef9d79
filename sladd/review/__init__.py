"""The officer's web application: `sladd review`.

`app.py` puts it together, `context.py` holds what a page is handed (`Desk`, `Visit`), `access/`
decides who comes in, `pages/` holds one module a page. A page is one module there, one template
and one file of texts in each language; see docs/extending.md.
"""
