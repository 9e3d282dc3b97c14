# From a service's --help: its environment file, every variable commented out with its default.
# flywheel-ingest --help | awk -f environment.awk -v service=ingest

BEGIN {
  print "# Environment of flywheel-" service ". Each variable stands for the flag of its name, as"
  print "# 'flywheel-" service " --help' has it, and shows its default. After a change:"
  print "# systemctl restart flywheel-" service "."
  print "#"
  print "# Files that a variable names, such as keys and certificates, have to be readable by the user"
  print "# flywheel-" service ": install -m 0640 -o root -g flywheel-" service " FILE /etc/flywheel/"
}

function finish() {
  # The unit says where the store is.
  if (name != "" && name !~ /^FLYWHEEL_(STORE_DIR|DATABASE_URL)$/) {
    printf "\n%s#%s=%s\n", help, name, value
    count++
  }
  name = help = value = ""
}

# "  --flag TYPE=default (Env:NAME)", then lines of help.
/^  -/ {
  finish()
  if (!match($0, /\(Env:[A-Z0-9_]+\)/)) next
  name = substr($0, RSTART + 5, RLENGTH - 6)
  if ($2 ~ /=/) value = substr($2, index($2, "=") + 1)
  # A list shows as [a,b]; one that is on or off has no type.
  gsub(/[][]/, "", value)
  if ($2 ~ /^\(Env/) value = "false"
  next
}
name != "" && /^          / {
  sub(/^ +/, "")
  help = help "# " $0 "\n"
  next
}
{ finish() }

END {
  finish()
  if (count < 10) {
    print "environment.awk: got " count " variables, want all of the --help of a service" >"/dev/stderr"
    exit 1
  }
}
