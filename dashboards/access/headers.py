"""The headers on every answer: what a browser may run, load, frame and keep."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, Response, request

# styles are written into the page by Dash and Plotly; scripts never are, but for the few whose hash is known
POLICY = (
    "default-src 'none'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
}
# the same for everybody and named by their content, so a browser may keep them
KEPT = ("/_dash-component-suites/", "/assets/", "/letters/", "/_favicon.ico")


def add_headers(server: Flask, hashes: Sequence[str], *, is_encrypted: bool) -> None:
    """Put the headers on every answer of a server."""
    policy = POLICY.format(hashes=" ".join(hashes))

    def with_headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy
        for name, value in HEADERS.items():
            response.headers[name] = value
        if is_encrypted:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        if not request.path.startswith(KEPT) or response.status_code != 200:
            response.headers["Cache-Control"] = "no-store"
        response.headers.pop("Server", None)
        return response

    server.after_request(with_headers)
