from authomatic.providers import AuthorizationProvider

class OAuth2(AuthorizationProvider):
    supports_user_state: bool

class Google(OAuth2): ...

class Facebook(OAuth2):
    _x_use_authorization_header: bool
