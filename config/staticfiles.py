"""Static files under hashed names, ES module imports included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedModulesStorage(CompressedManifestStaticFilesStorage):
    # Without this a hashed entry module imports unhashed siblings, and OBS serves yesterday's code from its cache.
    support_js_module_import_aggregation = True
