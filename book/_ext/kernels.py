"""Start kernels that have TensorFlow in them already.

Each chapter runs in a kernel of its own, and importing TensorFlow takes seconds. So one
server imports the big packages once, and each kernel is a fork of it. It holds none of the
project's own code, which may change while the server lives; and it has computed nothing, for
TensorFlow can be forked only before its first operation. It runs on Linux alone: elsewhere
forking a process that has loaded such libraries is not safe, and a kernel is a new process.

Without the server a cold build takes 19 % longer (384 s of the processor instead of 324, both
at the same time on the same two cores; 21 % one after the other), and one that has all its
measurements stored 76 % (91 s instead of 52). It can go when TensorFlow is imported in a second
(tensorflow/tensorflow#37729, closed without it; 2.21 takes 2.5 s of the processor), or when a
kernel of ipykernel can be forked (ipython/ipykernel#410, given up; 7.4 cannot).
"""

import contextlib
import functools
import gc
import importlib
import json
import os
import runpy
import signal
import socket
import socketserver
import subprocess
import sys
import threading
from collections.abc import Container
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory

from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner

#: What is worth importing once, by the distribution that it comes from.
PRELOADED = {
    "keras": "keras",
    "matplotlib": "matplotlib.pyplot",
    "myst-nb": "myst_nb",
    "pandas": "pandas",
    "scikit-learn": "sklearn.datasets",
    "scipy": "scipy.optimize",
}
#: Says how TensorFlow is imported in silence. It is run, not imported: no kernel shall have
#: the project's own code from here.
GREETING = Path(__file__).resolve().parents[2] / "snippets" / "lab" / "quiet_tensorflow.py"


class Server(socketserver.ForkingMixIn, socketserver.UnixStreamServer):
    """Answer each connection with a copy of this process."""


class Kernel(socketserver.StreamRequestHandler):
    """In the copy: be the kernel that the other side of the connection asks for."""

    def handle(self):
        """Run until the kernel is shut down, or nobody is there who could want it."""
        from ipykernel.kernelapp import IPKernelApp

        wanted = json.loads(self.rfile.readline())
        os.setsid()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.dup2(os.open(os.devnull, os.O_RDONLY), sys.stdin.fileno())
        os.chdir(wanted["folder"])
        self.wfile.write(b"%d\n" % os.getpid())
        threading.Thread(target=self.end_with_the_connection, daemon=True).start()
        # What a build runs does not belong in the history of what the reader typed.
        sys.argv = [sys.argv[0], "-f", wanted["connection_file"], "--HistoryManager.enabled=False"]
        IPKernelApp.launch_instance(parent_handle=os.getppid())

    def end_with_the_connection(self):
        """Leave when the process that asked for the kernel is gone."""
        self.connection.recv(1)
        os._exit(1)


class Forked:
    """A kernel made by the server, with what its manager uses of `subprocess.Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, server: str, connection_file: str, folder: str):
        self.connection = socket.socket(socket.AF_UNIX)
        self.connection.connect(server)
        request = {"connection_file": connection_file, "folder": str(folder)}
        self.connection.sendall(json.dumps(request).encode() + b"\n")
        answer = self.connection.makefile().readline()
        if not answer:
            raise RuntimeError("el servidor de núcleos ha terminado; su error está más arriba")
        self.pid = int(answer)
        self.connection.setblocking(False)

    def poll(self) -> int | None:
        """Return None while it runs; afterwards 0, for its exit code stays with the server."""
        with contextlib.suppress(BlockingIOError):
            return 0 if self.connection.recv(1) == b"" else None
        return None

    def wait(self) -> int:
        """Wait for its end."""
        self.connection.setblocking(True)
        self.connection.recv(1)
        self.connection.close()
        return 0

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it is gone."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)


class ForkProvisioner(LocalProvisioner):
    """Have the server make the kernel."""

    def __init__(self, server: str, **kwargs):
        super().__init__(**kwargs)
        self.server = server

    async def launch_kernel(self, cmd, **kwargs):
        """Start the kernel; `cmd` would start a process of its own and is not used."""
        self.process = Forked(self.server, self.parent.connection_file, kwargs["cwd"])
        self.pid = self.pgid = self.process.pid
        return self.connection_info


def manager(sockets: str, server: str | None) -> AsyncKernelManager:
    """Return what starts a kernel and talks to it through sockets in a folder, if it can.

    Kernels that start at the same time may choose the same TCP port. `server` is the address
    of the server; without one the kernel is a new process.
    """
    private = {"transport": "ipc", "ip": f"{sockets}/kernel"} if os.name == "posix" else {}
    made = AsyncKernelManager(**private)
    if server:
        made.provisioner = ForkProvisioner(server, kernel_spec=made.kernel_spec, parent=made)
    return made


@contextlib.contextmanager
def serving(distributions: Container[str]):
    """Run a server until the block ends; yield its address, or None where there can be none.

    `distributions` are those that the kernels will import.
    """
    if sys.platform != "linux":
        yield None
        return
    with TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listening:
        address = str(Path(folder, "server"))
        listening.bind(address)
        listening.listen(64)
        number = listening.fileno()
        wanted = [module for name, module in PRELOADED.items() if name in distributions]
        wanted.append("ipykernel.kernelapp")
        command = [sys.executable, "-P", __file__, str(number), *wanted]
        # TensorFlow writes the code that it makes, and a kernel that is ended leaves it behind.
        env = {**os.environ, "TMPDIR": folder}
        server = subprocess.Popen(command, stdin=subprocess.PIPE, pass_fds=[number], env=env)
        listening.close()
        try:
            yield address
        finally:
            server.communicate()


def serve(listening: int, modules: list[str]) -> None:
    """Serve on a socket that listens, as long as the other end of standard input is open."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the build that is interrupted says when to end
    runpy.run_path(str(GREETING))["silence"]()
    for name in modules:
        importlib.import_module(name)
    # Each kernel asks it of the same packages, and to look takes a tenth of a second.
    metadata.packages_distributions = functools.cache(metadata.packages_distributions)
    metadata.packages_distributions()
    # Or the collector would walk the libraries' objects again and again; and a graph is made of
    # thousands, none of them rubbish yet. All chapters with what they measure stored: 57.5 s of
    # the processor without these two lines, 50.7 with them.
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)
    with Server(None, Kernel, bind_and_activate=False) as server:
        server.socket.close()
        server.socket = socket.socket(fileno=listening)
        threading.Thread(target=lambda: (sys.stdin.read(), server.shutdown())).start()
        server.serve_forever(poll_interval=0.1)
        for kernel in server.active_children or ():
            os.kill(kernel, signal.SIGKILL)


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.argv[2:])
