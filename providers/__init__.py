"""What is known about the vendors; nothing here has heard of Slack."""
