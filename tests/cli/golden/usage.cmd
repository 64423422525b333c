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
