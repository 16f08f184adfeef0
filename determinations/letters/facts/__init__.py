"""What a letter says, read off its text: one package or module for each kind of fact."""
