"""Letters come in: from files to rows, each exactly once, whatever is killed when.

From files to a queue: `letter_files` (which files a list of paths means), `original_letters` (bytes on
disk by their hash), `queue` (a batch and a row for each file), `control` and `report` (what a person may
do and see), `troubles` (what may hold an import up, in words).

From the queue to rows: `worker` takes batches, one process at a time (`worker_lock`), `batch_run` one
batch; `arriving` and `unpacking` bring files, `reading_pool` with `reader_process` and `letter_reading`
reads them in several processes, `result_storage` with `letter_storage` and `letter_rows` stores them,
`index_writing` makes them searchable. `rereading` reads stored letters again with a newer reader.
"""
