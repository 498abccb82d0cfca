"""The findings pages of the documentation site, each generated whole from a committed run.

A page is a template of `templates/`, filled from one results document; its figure is drawn by the
report's own code. Nothing in a page marks what is generated: all of it is.
"""
