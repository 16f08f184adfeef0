"""The only package that imports Whoosh: its analysis, index and query trees, and two ways to search them.

From text to disk: `analysis` (words), `schema` (fields), `segment_building` (documents to columns),
`merging`, `rebuilding`, `writing` (commits), `index_directory` (what is durable when, who may write).

From disk to a page: `array_file` and `columns` (what a segment holds), `snapshot` (one commit, shared by
threads), `queries` (a question as Whoosh's query tree), `executor` with `matches`, `phrases` and `expansion`
(which documents match, and their scores), `facet_counts`, `ranking`, `engine` (the SearchEngine).

The oracle: `codec`, `codec_reading` and `codec_writing` show the same columns to Whoosh, whose own searcher
and `groupedby` run in `whoosh_searching`, the second SearchEngine.
"""
