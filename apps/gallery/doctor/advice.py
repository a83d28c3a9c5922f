"""What a key that is not taken means, and what to do about it."""

from __future__ import annotations

from apps.gallery.doctor.keys import Outcome

_KEYS_PAGE = "In the Gallery: My Profile, Keys."

# What we saw, and what to do, where the rung "key" fails.
KEY_TROUBLE = {
    Outcome.BAD_KEY: (
        "The Gallery does not know this key.",
        (
            f"Wrong key. Copy it again. {_KEYS_PAGE} Take the pair under Private Studio. If it is "
            "right, the API is switched off for the studio: a Curator sets API Enabled."
        ),
    ),
    Outcome.BAD_SECRET: (
        "The Gallery knows the key, but not with this secret.",
        (
            f"Wrong secret. Copy it again, with no blank at its end. {_KEYS_PAGE} If it is right, "
            "a proxy may change the address on its way to the Gallery: the address is part of the "
            "signature, so enter the one the Gallery has as its own base address."
        ),
    ),
    Outcome.BAD_PAIR: (
        "The Gallery does not accept this pair of key and secret. It does not say which is wrong.",
        (
            f"Wrong key, wrong secret or the wrong kind of key. {_KEYS_PAGE} Copy both again from "
            "API Access; the pair of a Private Studio does not work here. If both are right, a "
            "Curator has to set API Access to Yes for this user."
        ),
    ),
    Outcome.CLOCK: (
        "The Gallery accepts the signature by its own clock only.",
        "The clocks differ too much. Set both machines by a time server.",
    ),
    Outcome.OTHER_BASE: (
        "The secret is right, but the Gallery expects the address to begin with {base}.",
        (
            "A proxy changes the address on its way, and it is part of the signature. Enter "
            "the address the Gallery has as its own, or have its base address (System Settings, "
            "Gallery) set to the one people use."
        ),
    ),
    Outcome.UNKNOWN: (
        "The Gallery's answer could not be used.",
        (
            "The Gallery has trouble of its own, or something stands between it and the portal. "
            "Check again later, and show this report to its administrator."
        ),
    ),
}

# Where the key is good but may not be used for what the portal does.
KIND_TROUBLE = {
    Outcome.WRONG_KIND: (
        "This is an API Access pair; this server runs apps for Private Studio pairs only.",
        f"Wrong kind of key. {_KEYS_PAGE} Copy the pair under Private Studio.",
    ),
    Outcome.NO_RIGHTS: (
        "The Gallery lets the key in, but does not let its owner use the API.",
        (
            "A Curator has to give the key's owner at least the role Artisan, API Access and, for "
            "apps of a studio, membership of it."
        ),
    ),
}
