# shellcheck shell=bash disable=SC2154 # lib.sh and needs.sh set what is not set here
# Sourced after lib.sh: the Go programs, from the Go module proxy.

kind=v0.30.0
go_build_settings=(CGO_ENABLED=0 GOFLAGS= GOWORK=off)

go_key() { # go_key WHAT_GOES_IN...
  printf '%s\n' "$go_version" "$architecture" "$@" | hash
}

# Gives a program its name in $cache/bin, for PATH. The link may move with the folder.
show() { # show FILE NAME
  mkdir -p "$cache/bin"
  ln -sfn "../${1##*/}" "$cache/bin/$2.new"
  mv -T "$cache/bin/$2.new" "$cache/bin/$2"
}

# Prints the binary's path. Neither the machine's paths nor git's state get into it:
# the same sources give the same bytes.
go_binary() { # go_binary NAME FOLDER LDFLAGS
  local name=$1 folder=$2 flags=$3 binary
  binary=$cache/$name-$(go_key "$(contents "kind-node/$folder")" "$flags")
  if [ ! -f "$binary" ]; then
    say "Go: $name"
    (cd "$images/kind-node/$folder" && env "${go_build_settings[@]}" \
      go build -mod=readonly -trimpath -buildvcs=false -ldflags "-s -w $flags" -o "$binary.new" . >&2)
    mv "$binary.new" "$binary"
  fi
  echo "$binary"
}

kind_binary() {
  local binary
  binary=$cache/kind-$(go_key "$kind")
  if [ ! -f "$binary" ]; then
    say "Go: kind"
    env "${go_build_settings[@]}" GOBIN="$cache/work" go install -trimpath "sigs.k8s.io/kind@$kind"
    mv "$cache/work/kind" "$binary"
  fi
  echo "$binary"
}
