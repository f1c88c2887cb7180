"""What Slack sends in: acknowledge first, then hand it to the desk."""
