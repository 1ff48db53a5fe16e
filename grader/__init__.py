"""The certification engine: from the question bank to a certificate; begin to read in certify."""
