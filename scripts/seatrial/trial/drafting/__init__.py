"""`seatrial init`: a policy drafted, proved, and brought up to date."""
