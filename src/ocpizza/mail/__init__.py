"""Mail: written from templates, sent through SMTP; nobody else talks to a mail server."""
