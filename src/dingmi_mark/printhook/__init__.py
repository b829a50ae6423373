"""The guarded print queue: what stands between the print server (CUPS) and the printer."""
