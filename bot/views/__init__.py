"""What Slack is shown: pure functions from models to blocks and one line of text.

No view reads a clock, a store or a setting; every limit of Slack's is kept by construction.
"""
