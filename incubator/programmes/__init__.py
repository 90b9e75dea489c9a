"""The regional strategy, its axes and propositions, the programmes that carry them out, and the versions of their phases.

It does not know that calls exist.
"""
