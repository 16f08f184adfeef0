"""Addresses of the pages of figures, for the tests that every page must pass."""

FIGURE_PAGES = [
    "/statistics/",
    "/statistics/?q=block&level=L4-L5&year=1999",
    "/statistics/?q=%22",
    "/statistics/?q=zebra",
    "/statistics/service/?service=injections",
    "/statistics/reasons/",
    "/statistics/reasons/?q=zebra",
    "/statistics/reasons/?q=%22",
    "/statistics/words/",
    "/statistics/words/?q=zebra",
    "/statistics/words/all/",
    "/browse/",
    "/browse/guideline/",
    "/browse/service/injections/",
    "/browse/level/L4-L5/",
    "/browse/guideline/odg.low-back/",
]
