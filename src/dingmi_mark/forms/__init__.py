"""Forms that people fill in: tables (XLSX) and paper forms (DOCX), drawn, filled and read back."""
