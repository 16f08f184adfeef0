"""One determination as its page shows it, its two sides face to face, and those most like it. No HTML."""
