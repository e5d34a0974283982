# Read by fish for ft; the script is that of the version which is installed.
command fleettui completion fish 2>/dev/null | source
