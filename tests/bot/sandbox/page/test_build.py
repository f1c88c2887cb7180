"""The page is built when it has to be, and a build that cannot be is said, not fatal."""

import asyncio
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.bot.sandbox.page.conftest import PAGE

TOOLS = ("sh", "basename", "cp", "dirname", "find", "mkdir", "mv", "rm", "sed")
INPUTS = ("build.sh", "index.html", "package.json", "package-lock.json")

NODE = """#!/bin/sh
case $1 in
  --version) echo v20.0.0 ;;
  -e) exit 0 ;;
  */npm-cli.js) echo "node $*" >> "$CALLS" ;;
  *) for word in "$@"; do file=${word#--outfile=}; done
     mkdir -p "${file%/*}" && echo built > "$file" ;;
esac
"""
BROKEN_ESBUILD = NODE.replace("*) for", "*) exit 1; for")
OLD_NODE = "#!/bin/sh\nexit 1\n"
NPM = '#!/bin/sh\necho "npm $*" >> "$CALLS"\n'
BROKEN_NPM = (
    "#!/bin/sh\necho 'npm error code ECONNREFUSED' >&2\necho 'npm error more' >&2\nexit 1\n"
)
NO_PYTHON = "#!/bin/sh\nexit 1\n"
WHEEL_PYTHON = '#!/bin/sh\necho "$WHEEL"\n'


@dataclass
class Machine:
    """A copy of the page's inputs, and a PATH with only what the test puts there."""

    root: Path

    @property
    def page(self) -> Path:
        return self.root / "bot" / "sandbox" / "page"

    @property
    def calls(self) -> list[str]:
        log = self.root / "calls"
        return log.read_text().splitlines() if log.exists() else []

    def put(self, name: str, script: str, folder: str = "bin") -> None:
        path = self.root / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(script)
        path.chmod(0o755)

    async def build(self) -> tuple[int | None, str, str]:
        """Run the build: its exit status, what it says, and what it complains of."""
        process = await asyncio.create_subprocess_exec(
            str(self.root / "bin" / "sh"),
            str(self.page / "build.sh"),
            env={
                "PATH": str(self.root / "bin"),
                "PYTHON": str(self.root / "bin" / "python"),
                "CALLS": str(self.root / "calls"),
                "WHEEL": str(self.root / "wheel"),
            },
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        said, complained = await process.communicate()
        return process.returncode, said.decode(), complained.decode()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    made = Machine(tmp_path)
    made.page.mkdir(parents=True)
    for name in INPUTS:
        shutil.copy(PAGE / name, made.page / name)
    shutil.copytree(PAGE / "src", made.page / "src")
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        (tmp_path / "bin" / tool).symlink_to(str(shutil.which(tool)))
    made.put("python", NO_PYTHON)
    return made


async def test_a_build_leaves_a_whole_page_and_nothing_else(machine: Machine) -> None:
    machine.put("node", NODE)
    machine.put("npm", NPM)

    status, said, complained = await machine.build()

    assert (status, complained) == (0, "")
    assert "building the demo page" in said
    assert (machine.page / "dist" / "index.html").is_file()
    assert (machine.page / "dist" / "assets" / "app.js").read_text() == "built\n"
    assert list(machine.page.glob("dist.new*")) == []
    assert machine.calls[0].startswith("npm ci ")


async def test_a_page_newer_than_its_inputs_is_left_alone(machine: Machine) -> None:
    machine.put("node", NODE)
    machine.put("npm", NPM)
    await machine.build()

    status, said, complained = await machine.build()

    assert (status, said, complained) == (0, "", "")
    assert len(machine.calls) == 1


async def test_a_changed_source_is_built_again(machine: Machine) -> None:
    machine.put("node", NODE)
    machine.put("npm", NPM)
    await machine.build()

    (machine.page / "src" / "new.js").write_text("export {};\n")
    await machine.build()

    assert len(machine.calls) == 2


async def test_node_may_come_from_its_python_package(machine: Machine) -> None:
    machine.put("python", WHEEL_PYTHON)
    machine.put("node", NODE, folder="wheel/bin")
    machine.put("npm-cli.js", "", folder="wheel/lib/node_modules/npm/bin")

    status, _, complained = await machine.build()

    assert (status, complained) == (0, "")
    assert "npm-cli.js ci " in machine.calls[0]
    assert (machine.page / "dist" / "index.html").is_file()


@pytest.mark.parametrize(
    ("node", "npm", "reason"),
    [
        (None, None, "no Node 18 or newer here, and none could be installed"),
        (OLD_NODE, NPM, "no Node 18 or newer here, and none could be installed"),
        (NODE, None, "no Node 18 or newer here, and none could be installed"),
        (NODE, BROKEN_NPM, "npm ci failed (npm error code ECONNREFUSED)"),
    ],
)
async def test_a_build_that_cannot_be_is_one_line_and_no_error(
    machine: Machine, node: str | None, npm: str | None, reason: str
) -> None:
    for name, script in (("node", node), ("npm", npm)):
        if script is not None:
            machine.put(name, script)

    status, _, complained = await machine.build()

    assert status == 0
    assert complained == f"demo page: {reason}; the page stays with plain text\n"
    assert list(machine.page.glob("dist*")) == []


async def test_a_failing_bundler_leaves_the_older_page(machine: Machine) -> None:
    machine.put("node", NODE)
    machine.put("npm", NPM)
    await machine.build()
    (machine.page / "src" / "new.js").write_text("}")
    machine.put("node", BROKEN_ESBUILD)

    status, _, complained = await machine.build()

    assert status == 0
    assert complained == "demo page: esbuild failed; the page stays with its older build\n"
    assert (machine.page / "dist" / "assets" / "app.js").read_text() == "built\n"
    assert list(machine.page.glob("dist.new*")) == []


def test_the_lock_names_no_address() -> None:
    lock = json.loads((PAGE / "package-lock.json").read_text())

    addressed = [name for name, entry in lock["packages"].items() if "resolved" in entry]

    assert addressed == []
    assert all("integrity" in entry for name, entry in lock["packages"].items() if name)


def test_every_direct_dependency_is_one_exact_version() -> None:
    package = json.loads((PAGE / "package.json").read_text())

    wanted = {**package["dependencies"], **package["devDependencies"]}

    assert all(version.replace(".", "").isdigit() for version in wanted.values())
