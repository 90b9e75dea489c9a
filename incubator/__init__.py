"""The software with which a social-innovation incubator runs."""
