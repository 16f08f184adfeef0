"""The engine on an OpenSearch cluster, for sites of several machines. Chosen by IMR_SEARCH_URL.

Texts are analyzed by this program and sent as words, so that the same questions find the same items as on the
columnar engine.
"""
