"""The OpenAPI document of the running code."""

from drf_spectacular.views import SpectacularJSONAPIView


class SchemaApi(SpectacularJSONAPIView):
    """Open to everybody."""

    authentication_classes = ()
    permission_classes = ()
    http_method_names = ["get", "head"]
