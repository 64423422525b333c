for command in super groups cache diff validate tree rewrite undo tui explain; do
	spacescope $command --help | sed '/^Global options:/,$d'
done
