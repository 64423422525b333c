spacescope --help
