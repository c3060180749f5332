"""The bank: token service, issuer and ledger in one small service. `service.Bank` is its front door."""
