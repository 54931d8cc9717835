"""A bucket of S3, R2 or the like, by django-storages; with one connection pool for the process.

Its own storage opens a session for each thread that uses it, and a session holds the whole description of the service:
20 MB and more each time.
"""

import threading
from types import SimpleNamespace
from typing import Any

from storages.backends.s3 import S3Storage


class Bucket(S3Storage):
    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._connections = SimpleNamespace()
        self._connecting = threading.Lock()

    @property
    def connection(self) -> Any:
        with self._connecting:
            return super().connection

    @property
    def client(self) -> Any:
        """Of what belongs to a connection, the part that threads may share."""
        return self.connection.meta.client

    def _save(self, name: str, content: Any) -> str:
        content.seek(0)
        self.client.put_object(
            Bucket=self.bucket_name,
            Key=name,
            Body=content.file,  # a Django File is falsy without a name, and would be sent as nothing
            ContentType=getattr(content, "content_type", "application/octet-stream"),
            **self.get_object_parameters(name),
        )
        return name

    def copy(self, name: str, new: str) -> None:
        """Inside the service; with its type and what else was said of it."""
        source = {"Bucket": self.bucket_name, "Key": name}
        self.client.copy_object(Bucket=self.bucket_name, Key=new, CopySource=source, MetadataDirective="COPY")

    def delete(self, name: str) -> None:
        self.client.delete_object(Bucket=self.bucket_name, Key=name)
