"""Pure rules: no input or output, no clock, no asyncio, no Discord."""
