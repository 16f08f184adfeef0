"""Between the address of a search and its page: what was asked, what was found, what can be clicked next.

From the address: `form` (what each filter accepts), `question`, `plain_question` (the typed text), `address`
(all of it in one canonical writing), `search` (the whole). To the page: `result_rows` with `item_ref`,
`facet_panel` with `facet_values`, `filter_offers` with `named_filters`, `pagination`, `no_results`. For the
search box: `autocomplete`, `examples`. No HTML, and no engine's own objects.
"""
