"""What search engines' crawlers may read: nothing, unless a setting lets them in."""
