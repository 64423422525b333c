spacescope
spacescope frobnicate
spacescope groups --frobnicate image
spacescope groups --group 1 image
spacescope cache image
spacescope diff --group 1k image
spacescope groups --threads 0 image
spacescope groups one two
spacescope explain cache-crk
spacescope --format ndjson groups image
spacescope undo image
spacescope rewrite --all --group 1 image
spacescope rewrite --dry-run --undo file image
spacescope validate --output copy image
