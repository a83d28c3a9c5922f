"""The portal as people meet it: the whole demo stack, and a real Chromium in front of it."""
