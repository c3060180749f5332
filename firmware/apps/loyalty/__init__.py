"""The cards of shops, for their scanners."""

MANIFEST = {
    "id": "loyalty",
    "version": "1.0.0",
    "kind": "app",
    "api": 1,
    "entry": "app.LoyaltyCards",
    "name": {"en": "Cards", "zh": "会员卡"},
    "icon": "barcode",
    "colour": 0xFF9F5A,
    "permissions": ("light", "loyalty"),
}
