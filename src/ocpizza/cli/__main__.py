"""`python -m ocpizza.cli`."""

from ocpizza.cli import main

if __name__ == "__main__":
    main(prog_name="ocpizza")
