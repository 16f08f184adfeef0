"""Between the address of a search and its page: what was asked, what was found, what can be clicked next.

The way in: `typed_parameters` and `facet_values`, `filters` (what an address may say), `question` (the typed
text), `search_address` (all of it in one canonical writing), `faults` for those who have no page. The way
out: `result_rows` with `item_names`, `facet_panel` with `facet_labels`, `search_page`, `empty_results`. For
the box: `completions`, `examples`; for box and page, `letter_names`. No HTML, and no engine's own objects.
"""
