"""Redirect rules for the old address of a feed, in the words of common hosts; moving out is as easy as moving in.

Source: Apple Podcasts for Creators, "Change the RSS feed URL": itunes:new-feed-url in the new feed, and 301 from the
old address until followers have moved; at least four weeks.
"""

from __future__ import annotations

import json
from urllib.parse import urlsplit


def redirect_rules(old_url: str, new_url: str) -> dict[str, str]:
    """The name of a host, and the text to put there."""
    path = urlsplit(old_url).path or "/"
    return {
        "Amazon S3 (static website)": _s3(path, new_url),
        "CloudFront (function, viewer request)": _cloudfront(path, new_url),
        "Cloudflare Pages or Netlify (_redirects)": f"{path} {new_url} 301",
        "Cloudflare (redirect rule)": f'When http.request.uri.path eq "{path}": static redirect, 301, to {new_url}',
        "Apache (.htaccess)": f"Redirect 301 {path} {new_url}",
        "nginx": f"location = {path} {{ return 301 {new_url}; }}",
        "Caddy": f"redir {path} {new_url} 301",
        "Vercel (vercel.json)": json.dumps(
            {"redirects": [{"source": path, "destination": new_url, "statusCode": 301}]}
        ),
    }


def _s3(path: str, new_url: str) -> str:
    return (
        f"aws s3api put-object --bucket YOUR-BUCKET --key {path.lstrip('/')} --website-redirect-location {new_url}\n"
        "(acts only where the bucket is served by its website address)"
    )


def _cloudfront(path: str, new_url: str) -> str:
    return (
        "function handler(event) {\n"
        f"  if (event.request.uri === {json.dumps(path)}) return {{\n"
        f"    statusCode: 301, headers: {{ location: {{ value: {json.dumps(new_url)} }} }}\n"
        "  };\n"
        "  return event.request;\n"
        "}"
    )
