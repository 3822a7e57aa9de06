/**
 * Starts the programs in the folder that `KUBEBUILDER_ASSETS` names, as envtest does: etcd and kube-apiserver, and
 * kube-controller-manager where it is there as well. Everything is on loopback and in a folder that goes with them.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { type ApiAccess, apiCaller } from "../api-caller.ts";
import { eventually } from "../cluster.ts";
import { freePort } from "../free-port.ts";

export interface RealApiServer {
  access: ApiAccess;
  hasControllers: boolean;
  /** Compacts etcd's history up to now. */
  forget: () => Promise<void>;
  close: () => Promise<void>;
}

/** Keeps the last lines of a program's output, for the message when it ends too early. */
class Program {
  readonly #child: ChildProcess;
  readonly #name: string;
  #output = "";
  #hasEnded = false;

  constructor(path: string, args: string[]) {
    this.#name = path;
    this.#child = spawn(path, args, { stdio: ["ignore", "pipe", "pipe"] });
    const keep = (text: Buffer): void => void (this.#output = (this.#output + text.toString()).slice(-4000));
    this.#child.stdout?.on("data", keep);
    this.#child.stderr?.on("data", keep);
    this.#child.once("close", () => (this.#hasEnded = true));
  }

  mustRun(): void {
    if (this.#hasEnded) throw new Error(`${this.#name} has ended:\n${this.#output}`);
  }

  async end(): Promise<void> {
    if (this.#hasEnded) return;
    const ended = new Promise((resolve) => this.#child.once("close", resolve));
    this.#child.kill("SIGKILL");
    await ended;
  }
}

const kubeconfig = (access: ApiAccess): string =>
  stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name: "real",
        cluster: {
          server: access.url,
          "certificate-authority-data": Buffer.from(access.ca).toString("base64"),
        },
      },
    ],
    users: [{ name: "admin", user: { token: access.token } }],
    contexts: [{ name: "real", context: { cluster: "real", user: "admin" } }],
    "current-context": "real",
  });

export async function startRealApiServer(assets: string): Promise<RealApiServer> {
  const folder = mkdtempSync(join(tmpdir(), "kubev-conformance-"));
  const programs: Program[] = [];
  const close = async (): Promise<void> => {
    for (const program of programs.toReversed()) await program.end();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const [etcdPort, peerPort, apiPort] = [await freePort(), await freePort(), await freePort()];
    const etcd = `http://127.0.0.1:${etcdPort}`;
    const peers = `http://127.0.0.1:${peerPort}`;
    programs.push(
      new Program(join(assets, "etcd"), [
        "--data-dir",
        join(folder, "etcd"),
        "--unsafe-no-fsync",
        "--log-level",
        "error",
        "--listen-client-urls",
        etcd,
        "--advertise-client-urls",
        etcd,
        "--listen-peer-urls",
        peers,
        "--initial-advertise-peer-urls",
        peers,
        "--initial-cluster",
        `default=${peers}`,
      ]),
    );
    const accountKey = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const keyPath = join(folder, "service-accounts.key");
    writeFileSync(keyPath, accountKey.privateKey.export({ type: "pkcs8", format: "pem" }));
    const publicPath = join(folder, "service-accounts.pub");
    writeFileSync(publicPath, accountKey.publicKey.export({ type: "spki", format: "pem" }));
    const token = randomBytes(16).toString("hex");
    const tokens = join(folder, "tokens.csv");
    writeFileSync(tokens, `${token},kubernetes-admin,1,"system:masters"\n`);
    const certificates = join(folder, "certificates");
    const server = new Program(join(assets, "kube-apiserver"), [
      `--etcd-servers=${etcd}`,
      `--secure-port=${apiPort}`,
      "--bind-address=127.0.0.1",
      `--cert-dir=${certificates}`,
      `--token-auth-file=${tokens}`,
      "--authorization-mode=RBAC",
      "--service-account-issuer=https://kubernetes.default.svc",
      `--service-account-key-file=${publicPath}`,
      `--service-account-signing-key-file=${keyPath}`,
      "--service-cluster-ip-range=10.96.0.0/12",
      "--disable-admission-plugins=ServiceAccount",
      "--allow-privileged=true",
    ]);
    programs.push(server);
    const url = `https://127.0.0.1:${apiPort}`;
    const access = await eventually(async () => {
      server.mustRun();
      const certificate = join(certificates, "apiserver.crt");
      if (!existsSync(certificate)) return undefined;
      const found: ApiAccess = { url, ca: readFileSync(certificate, "utf8"), token };
      const caller = apiCaller(found);
      const ready = await caller.call("/readyz").catch(() => undefined);
      await caller.close();
      return ready?.code === 200 ? found : undefined;
    }, 60_000);
    const manager = join(assets, "kube-controller-manager");
    if (existsSync(manager)) {
      const config = join(folder, "kubeconfig");
      writeFileSync(config, kubeconfig(access));
      const paths = [`--kubeconfig=${config}`, `--authentication-kubeconfig=${config}`];
      programs.push(
        new Program(manager, [
          ...paths,
          `--authorization-kubeconfig=${config}`,
          "--leader-elect=false",
          "--secure-port=0",
          `--service-account-private-key-file=${keyPath}`,
          `--cert-dir=${certificates}`,
          "--controllers=garbagecollector,namespace,resourcequota,serviceaccount,clusterrole-aggregation",
        ]),
      );
    }
    const ask = async (path: string, body: object): Promise<unknown> => {
      const answer = await fetch(`${etcd}${path}`, { method: "POST", body: JSON.stringify(body) });
      if (!answer.ok) throw new Error(`etcd answered ${answer.status}: ${await answer.text()}`);
      return answer.json();
    };
    const forget = async (): Promise<void> => {
      const key = Buffer.from("conformance").toString("base64");
      const { header } = (await ask("/v3/kv/put", { key, value: key })) as { header: { revision: string } }; // etcd's own format
      await ask("/v3/kv/compaction", { revision: header.revision, physical: true });
    };
    return { access, hasControllers: existsSync(manager), forget, close };
  } catch (error) {
    await close();
    throw error;
  }
}
