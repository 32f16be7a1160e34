#!/usr/bin/env bash
# scalekit-sdk-python 2.21.0: an environment URL with the scheme `http`, for a local server or a proxy that ends TLS.
#
# Expected: all requests are plain, as the URL says, and as with the official SDK for Node.
# Seen: only those to the token endpoint are. API calls start a TLS handshake with the same port, without a warning when
# the client is created, and fail with 503 (`UNAVAILABLE`). So a login works, and the first API call after it does not.
#
# Prints the first bytes of each connection, and fails if that has changed. Needs Python 3 with venv.
# Everything but the installation happens on loopback, in a temporary folder.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check scalekit-sdk-python==2.21.0 grpcio==1.85.3
cat > "$folder/probe.py" <<'PYTHON'
import json
import os
import socket
import sys
import threading
from importlib.metadata import version

os.environ["GRPC_VERBOSITY"] = "NONE"

from scalekit import ScalekitClient

print("scalekit-sdk-python", version("scalekit-sdk-python"), "grpcio", version("grpcio"))
server = socket.create_server(("127.0.0.1", 0))
seen = []


def serve():
    body = json.dumps({"access_token": "x", "expires_in": 60}).encode()
    reply = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%s"
    while True:
        connection, _ = server.accept()
        with connection:
            start = connection.recv(65536)
            # The type of a TLS record with a handshake is 22.
            seen.append("TLS handshake" if start[:1] == b"\x16" else start.split(b"\r\n")[0].decode())
            if start.startswith(b"POST "):
                connection.sendall(reply % (len(body), body))


threading.Thread(target=serve, daemon=True).start()
client = ScalekitClient(f"http://127.0.0.1:{server.getsockname()[1]}", "skc_1", "secret")
try:
    client.organization.list_organizations(page_size=10)
    failure = "none"
except Exception as error:
    failure = type(error).__name__
seen = sorted(set(seen))
for start in seen:
    print("received:", start)
print("failure:", failure)
expected = ["POST /oauth/token HTTP/1.1", "TLS handshake"]
sys.exit(seen != expected or failure != "ScalekitServiceUnavailableException")
PYTHON
"$folder/venv/bin/python" "$folder/probe.py"
echo "as described: API calls use TLS although the environment URL is plain HTTP"
