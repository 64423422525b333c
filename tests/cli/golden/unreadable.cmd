cd "$TMPDIR"
spacescope groups missing.img
spacescope validate missing.img
spacescope --format json validate missing.img
spacescope --format ndjson validate missing.img
