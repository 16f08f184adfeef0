"""Several machines lose processes, servers, connections and disks during an import: `make campaign`."""
