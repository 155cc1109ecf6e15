"""``python -m ikmgeo`` is the command ``ikmgeo``, in a checkout too."""

from ikmgeo.cli import main

if __name__ == "__main__":
    main()
