//! Screen words in Japanese and English, looked up by key.
