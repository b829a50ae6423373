"""dingmi-mark: put approved classification marks on documents, and keep the ledger of them."""

__version__ = "0.1.0"
