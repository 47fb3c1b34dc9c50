#!/usr/bin/env bash
# Makes what the nodes of compose.yaml keep secret: a certificate for each, signed by an authority
# made for them alone, and a password for each user. Needs openssl.
#
#     ./prepare.sh [FOLDER]      FOLDER is secrets beside this file, unless another is named
set -euo pipefail
umask 077
folder=${1:-$(dirname "$0")/secrets}
nodes='opensearch-1 opensearch-2 opensearch-3'
users='writer reader admin'
days=3650
container_user=1000 # as whom OpenSearch's image runs

if [[ -e $folder ]]; then
  echo "$folder is there already; remove it to make new certificates and passwords" >&2
  exit 1
fi
new=$(mktemp -d "${folder%/}.XXXXXX")
trap 'rm -rf "$new"' EXIT

subject='/O=Chaja cluster/CN='
make_key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2>/dev/null; }

make_key "$new/ca.key"
openssl req -x509 -new -key "$new/ca.key" -days $days -subj "${subject}authority" \
  -addext basicConstraints=critical,CA:true -addext keyUsage=critical,keyCertSign,cRLSign \
  -out "$new/ca.pem"
for node in $nodes; do
  mkdir "$new/$node"
  make_key "$new/$node/node.key"
  openssl req -new -key "$new/$node/node.key" -subj "$subject$node" -out "$new/request"
  openssl x509 -req -in "$new/request" -CA "$new/ca.pem" -CAkey "$new/ca.key" -CAcreateserial \
    -days $days -out "$new/$node/node.pem" -extfile <(
    echo "subjectAltName=DNS:$node,DNS:localhost,IP:127.0.0.1"
    echo 'keyUsage=critical,digitalSignature,keyEncipherment'
    echo 'extendedKeyUsage=serverAuth,clientAuth'
    echo 'basicConstraints=critical,CA:false'
  ) 2>/dev/null
  cp "$new/ca.pem" "$new/$node/ca.pem"
done
rm -f "$new/request" "$new/ca.srl"
chmod 644 "$new/ca.pem"

for user in $users; do
  echo "CHAJA_$(tr '[:lower:]' '[:upper:]' <<<"$user")_PASSWORD=$(openssl rand -hex 20)"
done >"$new/passwords.env"

if [[ $EUID == 0 ]]; then
  chown -R $container_user "$new"/opensearch-*
elif [[ $EUID != "$container_user" ]]; then
  echo "as root, make the keys readable to the containers: chown -R $container_user $folder/opensearch-*" >&2
fi
mv "$new" "$folder"
trap - EXIT
echo "written: $folder/ca.pem, a certificate for each node, passwords.env"
