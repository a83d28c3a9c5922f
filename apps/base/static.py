"""Static files with a content hash in their names where collectstatic has run."""

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage, StaticFilesStorage


class PortalStaticFiles(ManifestStaticFilesStorage):
    """Hashed names in production; plain names where nothing was collected (demo, tests)."""

    manifest_strict = False

    def url(self, name: str | None, force: bool = False) -> str:
        if not self.hashed_files:
            return StaticFilesStorage.url(self, name)
        return super().url(name or "", force)
