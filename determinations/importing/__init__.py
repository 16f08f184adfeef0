"""Imports letters: from files to rows, each exactly once, even if a process is killed.

From files to a queue: `letter_files` (the files that a list of paths means), `originals` (bytes on disk by
their hash), `queue` (a batch and a row for each file), `control` (actions on an import) and `progress`.

From the queue to rows: `worker` takes batches, `batch_run` one batch. `prefetch` and `archives` bring files,
`reading_pool` and `letter_reading` parse them in several processes, and `letter_storage` stores them.
`reparsing` parses stored letters again with a newer version of the parser.
"""
