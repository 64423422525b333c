for command in super groups cache diff validate tree explain; do
	spacescope $command --help | sed '/^Global options:/,$d'
done
