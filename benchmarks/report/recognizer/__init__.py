"""The drawing of the recognizer's measurements."""
