"""The whole path of a project over real HTTP: `python -m tests.journey` plays it and stops at the first surprise."""
