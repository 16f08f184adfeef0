"""The search engine. No other package imports Whoosh, whose query classes and stemmer it uses.

From text to disk: `analysis` (words), `schema` (fields), `segments` (documents to columns), `merge` (several
segments to one), `merge_policy` (which and when), `known_phrases` (where names occur), `writing` (commits),
`index_directory` (what is durable when, who may write), `commits` (what one lists).

From disk to a page: `array_file` and `columns` (what a segment has), `snapshot` (one commit, shared by
threads), `queries` (a question as a query tree), `executor` with `patterns` and `positional` (which documents
match), `address_blocks` and `addresses` (where words are), `filters` (facets and dates), `scoring` and
`ranking` (the order), `similar`, `suggest` (spelling), `engine` (the SearchEngine).

How often words are in what is found: `word_counts`, from texts (`text_counts`), or from bitmaps and postings
(`bit_slices`, `pairs`, `posting_counts`) where much of a large segment is found.

For plain Whoosh: `codec`, by which it reads the same files. It is the oracle of the tests.
"""
