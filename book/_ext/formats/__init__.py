"""The book in other shapes, each made from the built pages of one language.

A page of HTML already holds what the experiments measured, drawn and written, its formulas and
its numbers. What an edition takes from there cannot differ, executes nothing and reads no
source again: a second builder of Sphinx would take half a minute, loses figures in silence
(LaTeX) or writes pages that are not XML (EPUB).

    site    reads the pages
    slides  a presentation of the deck
    words   what the editions say of their own, in both languages
"""
