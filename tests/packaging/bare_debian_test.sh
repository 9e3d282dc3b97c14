#!/usr/bin/env bash
# Installs the packages on a Debian 12 that has nothing else, under its own systemd, and shows that
# ingest serves there, keeps its record, obeys its unit, and leaves nothing behind but its data.
#
# tests/packaging/bare_debian_test.sh build/packages [build/tools]
#
# The machine is a directory: debootstrap makes it, from the mirror that this machine's apt has, and
# systemd-nspawn boots it, with a network of its own that is nothing but loopback. Its base stays as
# debian-12.tar in the second directory for the next time; everything else is removed at the end.
# Needs root, debootstrap, systemd-container, binutils. Two or three minutes the first time, one after that.
set -euo pipefail

packages=$(realpath "${1:?want the directory of the packages, as ./dev package makes it}")
tools=${2:-build/tools}
services=(ingest curation eval-gate experiment)
data=/var/lib/flywheel/ingest
work=$(mktemp -d /var/tmp/flywheel-package-test.XXXXXX)
root=$work/root
machine=
leader=

step() { printf '\n==> %s\n' "$*"; }
ok() { printf '    ok: %s\n' "$*"; }
fail() {
  printf '    FAILED: %s\n' "$*" >&2
  exit 1
}

# expect WHAT GOT WANT
expect() {
  [ "$2" = "$3" ] || fail "$1: got '$2', want '$3'"
  ok "$1: $2"
}

# eventually SECONDS COMMAND...: until it succeeds.
eventually() {
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.1
  done
}

# Runs a command on the machine.
on() { timeout 120 nsenter --target "$leader" --all env -i -C / PATH=/usr/sbin:/usr/bin "$@"; }
apt() { on DEBIAN_FRONTEND=noninteractive apt-get -y -qq "$@" </dev/null; }
property() { on systemctl show --value -p "$1" flywheel-ingest.service; }
has_state() { [ "$(property ActiveState)" = "$1" ]; }
has_process_after() { [ "$(property MainPID)" -gt 0 ] && [ "$(property MainPID)" != "$1" ]; }

processes() { on sh -c 'cat /proc/[0-9]*/comm' | grep -c ^flywheel- || true; }
interactions() { on flywheel status --json | grep -o '"interactions":[0-9]*' | head -n 1; }

# All files of the machine, but what any machine writes that runs and installs something.
files() {
  (cd "$root" && find . -xdev \( -path ./run -o -path ./tmp -o -path ./var/tmp -o -path ./var/log -o \
    -path ./var/cache -o -path ./var/lib/apt \) -prune -o -print) | sort
}

is_gone() { ! kill -0 "$1"; }

clean_up() {
  local status=$?
  trap - EXIT
  if [ -n "$leader" ] && [ "$status" -ne 0 ]; then
    step "The end of the machine's log"
    on journalctl --no-pager -n 40 -u 'flywheel-*' || true
  fi
  # With its init ends whatever runs on the machine, and then systemd-nspawn. Nothing is kept of it.
  if [ -n "$leader" ]; then kill -KILL "$leader" 2>/dev/null || true; fi
  if [ -n "$machine" ]; then
    eventually 10 is_gone "$machine" || kill -KILL "$machine" 2>/dev/null || true
    wait "$machine" 2>/dev/null || true
  fi
  rm -rf --one-file-system "$work"
  [ "$status" -eq 0 ] && printf '\nAll steps passed in %d s.\n' "$SECONDS"
  exit "$status"
}

make_base() {
  local uri
  [ -n "$(sources)" ] || apt-get update -qq
  uri=$(sources | awk '$2 == "bookworm" { print $1; exit }')
  [ -n "$uri" ] || fail "apt of this machine knows no mirror of Debian 12"
  timeout 600 debootstrap --variant=minbase --include=systemd-sysv,dbus bookworm "$work/base" "$uri" \
    >"$work/log" 2>&1 || { tail -n 5 "$work/log" >&2 && fail "debootstrap"; }
  rm -f "$work"/base/var/cache/apt/archives/*.deb
  mkdir -p "$tools"
  tar -C "$work/base" -cf "$tools/debian-12.tar.new" .
  mv "$tools/debian-12.tar.new" "$tools/debian-12.tar"
  rm -rf "$work/base"
}

# URI and suite of every source of Debian that this machine's apt has.
sources() {
  # shellcheck disable=SC2016
  apt-get indextargets --format '$(REPO_URI) $(CODENAME)' \
    'Created-By: Packages' 'Origin: Debian' 'Component: main' | sort -u
}

[ "$(id -u)" -eq 0 ] || fail "got user $(id -un), want root"
trap clean_up EXIT
trap 'exit 130' INT TERM

step "The programs in the packages are hardened"
for package in "$packages"/*.deb; do
  name=$(dpkg-deb -f "$package" Package)
  dpkg-deb -x "$package" "$work/$name"
  program=$work/$name/usr/bin/$name
  elf=$(readelf -W --file-header --segments --dynamic --dyn-syms "$program")
  grep -q 'Type: *DYN' <<<"$elf" || fail "$name: no PIE"
  grep -q GNU_RELRO <<<"$elf" || fail "$name: no RELRO"
  grep -q BIND_NOW <<<"$elf" || fail "$name: RELRO is not full"
  grep -q 'GNU_STACK.* RW ' <<<"$elf" || fail "$name: an executable stack"
  grep -q __stack_chk_fail <<<"$elf" || fail "$name: no stack protector"
  grep -q '__[a-z]*_chk@' <<<"$elf" || fail "$name: no FORTIFY"
  ok "$name: PIE, full RELRO, no executable stack, stack protector, FORTIFY"
done

step "A bare Debian 12"
[ -f "$tools/debian-12.tar" ] || make_base
mkdir "$root"
tar -C "$root" -xf "$tools/debian-12.tar"
sources | sed 's/^/deb /; s/$/ main/' >"$root/etc/apt/sources.list"
apt-config dump | grep -E '^Acquire::(http|https|Check)' >"$root/etc/apt/apt.conf.d/50machine" || true
cp --dereference /etc/resolv.conf "$root/etc/resolv.conf"
mkdir "$root/packages"
for package in "$packages"/*.deb; do
  cp "$package" "$root/packages/$(dpkg-deb -f "$package" Package).deb"
done
cat >"$root/packages/talk.jsonl" <<'JSON'
{"messages": [{"role": "user", "content": "Where is my card?"}, {"role": "assistant", "content": "On its way."}]}
JSON
# The machine has no way out once it runs: what the packages depend on is fetched before.
timeout 120 chroot "$root" apt-get update -qq
timeout 300 chroot "$root" sh -c 'apt-get install -y -qq --download-only --no-install-recommends /packages/*.deb' \
  >/dev/null 2>"$work/log" || { cat "$work/log" >&2 && fail "apt finds no way to install them"; }
ok "$(chroot "$root" dpkg-query -W | wc -l) packages there, $(find "$root/var/cache/apt/archives" \
  -name '*.deb' | wc -l) fetched that ours depend on"

systemd-nspawn --quiet --directory="$root" --boot --private-network --register=no --keep-unit \
  --machine="$(basename "$work" | tr . -)" </dev/null >"$work/console" 2>&1 &
machine=$!
is_up() {
  # Its first child helps to set it up; the one that stays is the machine's init.
  leader=$(cat "/proc/$machine/task/$machine/children" 2>/dev/null)
  leader=${leader%% *}
  [ -n "$leader" ] && on systemctl is-active --quiet multi-user.target
}
eventually 60 is_up || { cat "$work/console" >&2 && leader= && fail "it does not come up"; }
ok "booted: $(on systemctl --version | head -n 1)"
expect "its network" "$(on ls /sys/class/net | xargs)" lo
files >"$work/before"

step "Install ingest and the command"
apt install --no-install-recommends /packages/flywheel-ingest.deb /packages/flywheel.deb \
  >"$work/log" 2>&1 || { cat "$work/log" >&2 && fail "apt install"; }
eventually 30 on flywheel health 127.0.0.1:4317 || fail "it does not serve"
expect "flywheel health" "$(on flywheel health 127.0.0.1:4317)" "127.0.0.1:4317: serving"
expect "enabled" "$(on systemctl is-enabled flywheel-ingest)" enabled
expect "the store's directory" "$(on stat -c '%a %U' $data)" "700 flywheel-ingest"
expect "the store" "$(on stat -c '%a %U' $data/ingest.db)" "600 flywheel-ingest"
expect "the pseudonym key" "$(on stat -c '%a %U' $data/pseudonym.key)" "600 flywheel-ingest"
pid=$(property MainPID)
expect "its user" "$(on stat -c %U "/proc/$pid")" flywheel-ingest
status=$(on cat "/proc/$pid/status")
expect "its capabilities" "$(awk '/^CapEff|^CapBnd/ { print $2 }' <<<"$status" | xargs)" \
  "0000000000000000 0000000000000000"
expect "no new privileges, system calls filtered" \
  "$(awk '/^NoNewPrivs|^Seccomp:/ { print $2 }' <<<"$status" | xargs)" "1 2"
expect "its bound of memory" "$(property MemoryMax)" $((1 << 30))
on systemd-analyze verify /usr/lib/systemd/system/flywheel-ingest.service 2>&1 |
  grep flywheel && fail "systemd-analyze verify has something to say"
ok "systemd-analyze verify: nothing to say"
# 2.0 of 10 and below is what systemd calls OK.
on systemd-analyze security --no-pager --threshold=20 flywheel-ingest.service >"$work/log" ||
  { cat "$work/log" && fail "systemd-analyze security: above 2.0"; }
ok "systemd-analyze security: $(tail -n 1 "$work/log" | grep -oE '[0-9.]+ [A-Z]+')"

step "Log an interaction, and read it"
on flywheel import /packages/talk.jsonl --format openai-chat
expect "flywheel status" "$(interactions)" '"interactions":1'

step "Kill it: it comes back with its record"
on systemctl kill --signal=KILL flywheel-ingest
eventually 30 has_process_after "$pid" || fail "it is not started again"
eventually 30 on flywheel health 127.0.0.1:4317 || fail "it does not serve again"
expect "flywheel status" "$(interactions)" '"interactions":1'

step "Stop it"
on systemctl stop flywheel-ingest
expect "exit code" "$(property ExecMainStatus)" 0
expect "result" "$(property Result)" success
on flywheel check --data-dir $data >/dev/null
expect "files of others after root's flywheel check" \
  "$(on find $data -not -user flywheel-ingest | wc -l)" 0

step "A damaged store, and a wrong variable: it stays down, and says why"
cp --preserve=all "$root$data/ingest.db" "$work/ingest.db"
printf 'no database' | dd of="$root$data/ingest.db" conv=notrunc status=none
on systemctl start flywheel-ingest || true
eventually 30 has_state failed || fail "it does not end"
expect "exit code, starts after that" "$(property ExecMainStatus) $(property NRestarts)" "1 0"
on journalctl -u flywheel-ingest -o cat -n 20 | grep -m 1 damaged
cat "$work/ingest.db" >"$root$data/ingest.db"
on systemctl reset-failed flywheel-ingest
echo FLYWHEEL_LISTEN=nowhere >>"$root/etc/flywheel/ingest.env"
on systemctl start flywheel-ingest || true
eventually 30 has_state failed || fail "it does not end"
expect "exit code, starts after that" "$(property ExecMainStatus) $(property NRestarts)" "2 0"
on journalctl -u flywheel-ingest -o cat -n 20 | grep -m 1 -- --listen
sed -i '$d' "$root/etc/flywheel/ingest.env"
on systemctl reset-failed flywheel-ingest
on systemctl start flywheel-ingest
eventually 30 on flywheel health 127.0.0.1:4317 || fail "it does not serve again"
expect "flywheel status" "$(interactions)" '"interactions":1'

step "Upgrade it: it is restarted, and the file that was edited stays as it is"
echo FLYWHEEL_METRICS_LISTEN=127.0.0.1:9401 >>"$root/etc/flywheel/ingest.env"
pid=$(property MainPID)
apt install --reinstall /packages/flywheel-ingest.deb >"$work/log" 2>&1 ||
  { cat "$work/log" >&2 && fail "apt install"; }
eventually 30 has_process_after "$pid" || fail "it was not restarted"
eventually 30 on flywheel health 127.0.0.1:4317 || fail "it does not serve"
# shellcheck disable=SC2016
on sh -c 'cat /proc/$1/environ | tr "\0" "\n"' sh "$(property MainPID)" |
  grep -x 'FLYWHEEL_METRICS_LISTEN=.*'
expect "flywheel status" "$(interactions)" '"interactions":1'

step "The other services beside it"
apt install --no-install-recommends /packages/flywheel-{curation,eval-gate,experiment}.deb >"$work/log" 2>&1 ||
  { cat "$work/log" >&2 && fail "apt install"; }
eventually 30 on flywheel status || fail "not all four serve"
ok "flywheel status: all four serve"
expect "processes" "$(processes)" 4
for service in "${services[@]}"; do
  ok "systemd-analyze security flywheel-$service: $(on systemd-analyze security --no-pager \
    "flywheel-$service.service" | tail -n 1 | grep -oE '[0-9.]+ [A-Z]+')"
done

step "Back them up and restore them, as root, as the document says"
on flywheel backup --data-dir /var/lib/flywheel --to /var/tmp/backups >/dev/null
on systemctl stop 'flywheel-*'
on mv /var/lib/flywheel /var/lib/flywheel.old
on flywheel restore --from /var/tmp/backups --to /var/lib/flywheel >/dev/null
on chmod 755 /var/lib/flywheel
on systemctl start "${services[@]/#/flywheel-}"
eventually 30 on flywheel status || fail "not all four serve"
expect "flywheel status" "$(interactions)" '"interactions":1'
expect "the restored store" "$(on stat -c '%a %U' $data $data/ingest.db | xargs)" \
  "700 flywheel-ingest 600 flywheel-ingest"
on rm -r /var/lib/flywheel.old

step "Remove them: the data stays, and the configuration"
apt remove --autoremove 'flywheel*' >"$work/log" 2>&1 || { cat "$work/log" >&2 && fail "apt remove"; }
grep 'stay in' "$work/log" || fail "nobody says where the data is"
expect "processes that are left" "$(processes)" 0
files | comm -13 "$work/before" - | grep -v -e '^./var/lib/flywheel' -e '^./var/lib/dpkg' >"$work/left"
sed 's/^/    left: /' "$work/left"
expect "what is left beside configuration, and what systemd's own scripts keep until a purge" \
  "$(grep -vc -e '^./etc/flywheel' -e '^./etc/systemd/system/multi-user.target.wants/flywheel-' \
    -e '^./var/lib/systemd/deb-systemd-helper-enabled/' "$work/left" || true)" 0

step "Purge them: the data stays, and nothing else"
apt purge '~c' >"$work/log" 2>&1 || { cat "$work/log" >&2 && fail "apt purge"; }
files >"$work/after"
comm -13 "$work/before" "$work/after" | sed 's/^/    left: /'
expect "what is left beside data" \
  "$(comm -13 "$work/before" "$work/after" | grep -vc '^./var/lib/flywheel' || true)" 0
expect "files that went" "$(comm -23 "$work/before" "$work/after" | wc -l)" 0
[ -f "$root$data/ingest.db" ] || fail "the store is gone"

step "Install ingest again: it serves the record that stayed"
apt install --no-install-recommends /packages/flywheel-ingest.deb /packages/flywheel.deb \
  >"$work/log" 2>&1 || { cat "$work/log" >&2 && fail "apt install"; }
eventually 30 on flywheel health 127.0.0.1:4317 || fail "it does not serve"
expect "flywheel status" "$(interactions)" '"interactions":1'
