"""A post office for every test of mail."""

from mail.post_office import mail_settings, mailbox, smtp

__all__ = ["mail_settings", "mailbox", "smtp"]
