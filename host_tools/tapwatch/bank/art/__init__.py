"""Pictures of the cards: how they are drawn, their file form (docs/formats.md "Card art"), and the files themselves."""
