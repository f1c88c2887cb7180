"""The migrations, one file each, named after its revision. None is changed after a release."""
