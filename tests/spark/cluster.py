"""A cluster of Spark's on loopback, each part a process of its own: a master, two workers, a Spark Connect server."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tests.servers import free_port

# a machine may be busy with other things
PATIENCE = 300
# small, and soon warm: what the tests compute is little
JAVA = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xss4m"
CONFIGURED = {
    "spark.executor.cores": "1",
    "spark.cores.max": "2",
    "spark.executor.memory": "600m",
    "spark.executor.extraJavaOptions": JAVA,
    "spark.driver.extraJavaOptions": JAVA,
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "2",
    # plans are long and rows are few: to look for conditions that follow from others takes a quarter of the planning
    "spark.sql.constraintPropagation.enabled": "false",
    # no task begins before both workers are there
    "spark.scheduler.minRegisteredResourcesRatio": "1.0",
    "spark.scheduler.maxRegisteredResourcesWaitingTime": f"{PATIENCE}s",
    "spark.network.timeout": f"{PATIENCE}s",
    "spark.connect.grpc.binding.address": "127.0.0.1",
}


def home() -> Path | None:
    """Where PySpark keeps Spark itself; none where it, or Java, is not installed."""
    found = find_spec("pyspark")
    return Path(found.origin).parent if found and found.origin and shutil.which("java") else None


@dataclass(frozen=True)
class Cluster:
    """A running cluster: the addresses of its Spark Connect server and of its master, its workers,
    and what a program has to be told that drives it by itself."""

    connect: str
    master: str
    workers: list[subprocess.Popen[bytes]]
    variables: dict[str, str]

    def lose_a_worker(self) -> None:
        """End a worker and all that runs in it, as a power cut would."""
        os.killpg(self.workers.pop().pid, signal.SIGKILL)


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """A cluster that ends with the block."""
    place = home()
    assert place is not None
    master, connect = free_port(), free_port()
    address = f"spark://127.0.0.1:{master}"
    settings = [f"--conf={name}={value}" for name, value in CONFIGURED.items()]
    with ExitStack() as stack:

        def start(name: str, *command: str) -> subprocess.Popen[bytes]:
            return stack.enter_context(_process(place, folder / name, command))

        deploy = "org.apache.spark.deploy"
        running = start(
            "master",
            "spark-class",
            f"{deploy}.master.Master",
            "--host",
            "127.0.0.1",
            "--port",
            f"{master}",
            "--webui-port",
            "0",
        )
        _wait_for(master, running, folder)
        workers = [
            start(
                f"worker-{number}", "spark-class", f"{deploy}.worker.Worker", "--host", "127.0.0.1", "--cores", "2", "--memory", "1300m",
                "--webui-port", "0", "--work-dir", str(folder / f"worker-{number}"), address,
            )
            for number in (1, 2)
        ]  # fmt: skip
        running = start(
            "connect", "spark-submit", f"--master={address}", "--class=org.apache.spark.sql.connect.service.SparkConnectServer",
            *settings, f"--conf=spark.connect.grpc.binding.port={connect}", "spark-internal",
        )  # fmt: skip
        _wait_for(connect, running, folder)
        (folder / "spark-defaults.conf").write_text("".join(f"{name} {value}\n" for name, value in CONFIGURED.items()))
        yield Cluster(
            f"sc://127.0.0.1:{connect}",
            address,
            workers,
            {"SPARK_CONF_DIR": str(folder), "SPARK_LOCAL_IP": "127.0.0.1"},
        )


@contextmanager
def _process(place: Path, folder: Path, command: tuple[str, ...]) -> Iterator[subprocess.Popen[bytes]]:
    folder.mkdir(parents=True)
    own = {
        "SPARK_HOME": str(place), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_DIRS": str(folder), "SPARK_LOG_DIR": str(folder),
        "SPARK_DAEMON_MEMORY": "200m" if command[0] == "spark-class" else "900m", "SPARK_DAEMON_JAVA_OPTS": f"{JAVA} -Dspark.ui.enabled=false",
    }  # fmt: skip
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [str(place / "bin" / command[0]), *command[1:]], stdout=log, stderr=log, env={**os.environ, **own}, cwd=folder,
            start_new_session=True, preexec_fn=_end_with_the_tests,
        )  # fmt: skip
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _end_with_the_tests() -> None:
    """Ask the kernel to end this process when the tests are ended in a way that lets them end nothing themselves."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def _wait_for(port: int, process: subprocess.Popen[bytes], folder: Path) -> None:
    """Until a process listens on a port."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"nobody listens on port {port}; the logs are in {folder}")
