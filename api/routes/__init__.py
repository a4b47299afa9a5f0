"""The endpoints, one file a subject; `api.app` lists them."""
