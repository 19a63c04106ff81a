# shellcheck shell=bash
# Sourced: programs and the libraries they are linked with, copied from one root file system to another.

# The dynamic linker of that file system lists what a program loads; it needs no shell in
# there. Its name is all that differs between architectures, and the pattern finds it.
copy_with_libraries() { # copy_with_libraries FROM TO PROGRAM...
  local from=$1 to=$2 linker program files
  shift 2
  linker=$(cd "$from" && ls -d lib*/ld-linux-*.so.*)
  for program in "$@"; do
    files=$(chroot "$from" "/$linker" --list "$program" \
      | awk '/not found/ { exit 1 } $2 == "=>" { print $3 } $1 ~ "^/" { print $1 }')
    # The leading dot keeps the paths as they are, below the other root.
    # shellcheck disable=SC2086 # one path a word; a library may need no other
    (cd "$from" && printf '%s\n' "$program" $files | sed 's/^/./' | xargs cp --dereference --parents --target-directory="$to")
  done
}
