"""Use cases, shared by the bot, the command line and the tests."""
