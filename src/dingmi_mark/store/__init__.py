"""What the office keeps on disk that is no draft: ledger, templates, fonts, records."""
