/** Gets the programs that tests drive: Chromium, QEMU and a few more, from the system's packages where we may. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { unpackPackage } from "./unpacked-packages.ts";

interface Program {
  /** A program's name, or the whole path of what the package brings. */
  binary: string;
  /** Debian's package. */
  debianPackage: string;
  what: string;
}

const programs: Program[] = [
  { binary: "chromium", debianPackage: "chromium", what: "end-to-end tests" },
  { binary: "qemu-system-x86_64", debianPackage: "qemu-system-x86", what: "tests on real machines" },
  { binary: "qemu-img", debianPackage: "qemu-utils", what: "tests on real machines" },
  { binary: "nasm", debianPackage: "nasm", what: "the check of the demo guest's bytes" },
  { binary: "isoinfo", debianPackage: "genisoimage", what: "the check of cloud-init images" },
  { binary: "kubectl", debianPackage: "kubernetes-client", what: "the kubectl tests" },
  {
    binary: "/usr/lib/python3/dist-packages/kubernetes/__init__.py",
    debianPackage: "python3-kubernetes",
    what: "the tests of Python's client",
  },
  { binary: "prometheus", debianPackage: "prometheus", what: "the tests on Prometheus" },
  { binary: "initdb", debianPackage: "postgresql", what: "the tests on PostgreSQL" },
];

/** PostgreSQL's server programs are not on the PATH in Debian. */
const extraFolders = [
  "/usr/lib/postgresql/15/bin",
  "/usr/lib/postgresql/16/bin",
  "/usr/lib/postgresql/17/bin",
];

function isInstalled(binary: string): boolean {
  if (isAbsolute(binary)) return existsSync(binary);
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...extraFolders];
  return folders.some((folder) => existsSync(join(folder, binary)));
}

function apt(...args: string[]): boolean {
  const result = spawnSync("apt-get", ["-qq", "-o", "Dpkg::Use-Pty=0", ...args], {
    stdio: ["ignore", "ignore", "ignore"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
  return result.status === 0;
}

/** Gets what tests drive; says what it could not get, and returns those lines. */
export function getPrograms(say: (line: string) => void): string[] {
  return [...installPrograms(say), ...unpackDebiansKubectl(say)];
}

/** Another kubectl on the machine keeps Debian's from being installed; tests drive both. */
function unpackDebiansKubectl(say: (line: string) => void): string[] {
  if (existsSync("/var/lib/dpkg/info/kubernetes-client.list")) return [];
  if (unpackPackage("kubernetes-client", say) !== null) return [];
  return [
    "Debian's kubernetes-client could not be downloaded (apt-get download kubernetes-client): tests drive no kubectl 1.20.",
  ];
}

/** Installs what is missing, one package at a time; says what it could not get, and returns those lines. */
export function installPrograms(say: (line: string) => void): string[] {
  const missing = programs.filter(({ binary }) => !isInstalled(binary));
  if (missing.length === 0) return [];
  const mayInstall = process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
  if (mayInstall) {
    apt("update");
    for (const { debianPackage } of missing) {
      if (isInstalled(programs.find((program) => program.debianPackage === debianPackage)?.binary ?? ""))
        continue;
      say(`Installing ${debianPackage}…`);
      apt("install", "-y", "--no-install-recommends", debianPackage);
    }
  }
  return missing
    .filter(({ binary }) => !isInstalled(binary))
    .map(({ binary, debianPackage, what }) =>
      mayInstall
        ? `${debianPackage} could not be installed: ${what} report themselves as skipped.`
        : `${binary} is not installed and only root may install it (apt-get install ${debianPackage}): ${what} report themselves as skipped.`,
    );
}

/** The Chromium to drive: the system's, else the one Playwright downloads; null when neither can be had. */
export function findChromium(playwrightFolder: string, say: (line: string) => void): string | null {
  const system = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) =>
    existsSync(path),
  );
  if (system !== undefined) return system;
  say("Downloading Playwright's Chromium…");
  const result = spawnSync("npx", ["playwright", "install", "chromium"], {
    cwd: playwrightFolder,
    stdio: ["ignore", 2, 2],
  });
  return result.status === 0 ? "" : null;
}
