from webob import Response as Response
