"""One determination as its page shows it, and the determinations most like it. No HTML."""
