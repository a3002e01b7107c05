"""The built pages and the uploaded pictures, as plain files over HTTP."""

import mimetypes
from pathlib import Path

from litestar import Controller, Response, get
from litestar.response import File

from xinbo.engines.http import Http

IMMUTABLE = "public, max-age=31536000, immutable"
POLICY = (
    "default-src 'self'; connect-src 'self' ws: wss: http: https:; img-src * data: blob:; "
    "media-src * blob:; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; "
    "frame-ancestors 'none'; base-uri 'self'; form-action 'self'"
)
"""Edge and media engine may be on other hosts; scripts come from us alone."""
SECURITY = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(self), microphone=(self), geolocation=()",
}

mimetypes.add_type("application/manifest+json", ".webmanifest")
mimetypes.add_type("image/webp", ".webp")


class Pages(Controller):
    """Every address that is no file of the pages belongs to one of the two applications."""

    include_in_schema = False

    @get("/healthz", media_type="text/plain")
    async def healthz(self) -> str:
        return "ok"

    @get("/blobs/{name:str}")
    async def blob(self, name: str, request: Http) -> File | Response[str]:
        return _file(request.app.state.settings.data / "blobs", name, IMMUTABLE)

    @get("/docs/{name:str}")
    async def docs(self, name: str, request: Http) -> File | Response[str]:
        return _file(request.app.state.settings.web_dist / "docs", name, "no-cache")

    @get(["/console", "/console/{path:path}"])
    async def console(self, request: Http, path: str = "") -> File | Response[str]:
        return _page(request.app.state.settings.web_dist / "console", path)

    @get(["/", "/{path:path}"])
    async def shop(self, request: Http, path: str = "") -> File | Response[str]:
        return _page(request.app.state.settings.web_dist / "shop", path)


def _page(folder: Path, path: str) -> File | Response[str]:
    """Serve a file of the application, or its first page for any address that is no file."""
    name = path.strip("/")
    if name and "." in name.rsplit("/", 1)[-1]:
        hashed = name.startswith("assets/")
        return _file(folder, name, IMMUTABLE if hashed else "no-cache")
    return _file(folder, "index.html", "no-cache")


def _file(folder: Path, name: str, cache: str) -> File | Response[str]:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        return Response("not found", status_code=404, media_type="text/plain")
    kind, _ = mimetypes.guess_type(path.name)
    return File(
        path,
        media_type=kind or "application/octet-stream",
        content_disposition_type="inline",
        headers={"Cache-Control": cache, **SECURITY},
    )
