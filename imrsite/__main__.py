"""`python -m imrsite`: the same as the `imrsite` command."""

from imrsite.command_line import main

main()
