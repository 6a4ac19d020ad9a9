#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What an interactive shell makes of keys: complete.py bash|zsh FOLDER KEYS...

Types each of KEYS at a prompt, in a pseudo-terminal, with the completion of FOLDER, or with that which
the shell finds by itself if it is "system"; \\t in them is the key TAB. Then it turns the line into the arguments of a printf, and prints what that says: the words
that the shell has by then, each in <>. A line for each of KEYS.
"""
import os
import pty
import re
import sys

# A shell, what it is told first, what makes it know a folder, and what makes it look for itself.
SETUP = {
    "bash": (["bash", "--noprofile", "--norc", "-i"],
             "set +o history; bind 'set completion-query-items 0' 'set page-completions off'"
             " 'set enable-bracketed-paste off'; {}",
             "source {}/dmabench.bash", "source /usr/share/bash-completion/bash_completion"),
    "zsh": (["zsh", "-f", "-i"],
            "unsetopt prompt_sp beep; bindkey -e; setopt no_list_ambiguous; {};"
            " autoload -Uz compinit; compinit -u -D",
            "fpath=({} $fpath)", ":"),
}


def read_until(fd, end):
    seen = b""
    while end not in seen:
        seen += os.read(fd, 4096)
    return seen.decode(errors="replace")


def main():
    shell, folder = sys.argv[1:3]
    command, setup, own, found = SETUP[shell]
    setup = setup.format(found if folder == "system" else own.format(folder))
    pid, fd = pty.fork()
    if pid == 0:
        os.environ.update(TERM="dumb", PS1="", PS2="", INPUTRC="/dev/null", COLUMNS="200")
        os.environ.pop("BASH_ENV", None)
        os.execvp(command[0], command)
    os.write(fd, (setup + "; stty -echo cols 200; printf 'rea%s\\n' dy\n").encode())
    read_until(fd, b"ready\r\n")
    for keys in sys.argv[3:]:
        # Keys wait until the shell reads them, one after the other, however long each takes. To
        # the line's beginning, what makes a printf of it, to its end.
        os.write(fd, keys.replace("\\t", "\t").encode() + b"\x01printf '<%s>' \x05; printf 'en%s\\n' d\r")
        text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|[\x07\x08]", "", read_until(fd, b"end\r\n"))
        print(re.findall(r"(<[^\r\n]*>)end\r\n", text)[-1])
    os.write(fd, b"exit\r")
    os.close(fd)
    os.waitpid(pid, 0)


main()
