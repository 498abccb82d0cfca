"""The OpenAPI document of the running code."""

from drf_spectacular.views import SpectacularJSONAPIView


class SchemaApi(SpectacularJSONAPIView):
    """The document, without authentication."""

    authentication_classes = ()
    permission_classes = ()
    http_method_names = ["get", "head"]
