"""A whole incubator to walk through, with fictional people and dates relative to today."""
