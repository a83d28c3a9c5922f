"""How requests are signed and addressed: OAuth 1.0a up to server 2021.4, OAuth 2.0 since."""
