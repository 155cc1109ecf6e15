"""Indonesian and English: messages, sentences, marks and signs that all media share."""
