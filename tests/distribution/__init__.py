"""The Debian package as the tests need it: built from this source, in repositories, installed."""
