"""Starts one process of the demo so that it cannot outlive the supervisor.

Run as a script, without the portal: ``child.py SUPERVISOR_PID LIFELINE COMMAND …``. Linux tells
a process of its parent's death. Elsewhere this script stays beside the command and watches the
lifeline, a pipe that ends with the supervisor.
"""

import ctypes
import os
import select
import signal
import subprocess
import sys

PR_SET_PDEATHSIG = 1


def main() -> int:
    supervisor, lifeline, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    if lifeline >= 0:
        return stay_beside(lifeline, command)
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != supervisor:  # it died before the line above
        return 1
    return os.execv(command[0], command)  # noqa: S606 (the supervisor's own command)


def stay_beside(lifeline: int, command: list[str]) -> int:
    """Run the command until it ends by itself or the lifeline ends."""
    with subprocess.Popen(command) as process:  # noqa: S603 (the supervisor's own command)
        # The supervisor signals the whole group; this script only passes on how it ended.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        while process.poll() is None:
            if select.select([lifeline], [], [], 0.2)[0]:
                process.terminate()
                break
        return process.wait()


if __name__ == "__main__":
    raise SystemExit(main())
