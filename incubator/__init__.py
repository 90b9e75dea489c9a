"""The software with which a social-innovation incubator runs."""

__version__ = "0.1.0"
