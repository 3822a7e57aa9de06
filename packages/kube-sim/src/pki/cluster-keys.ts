/** Keys and certificates of one installation, made once and kept in its data folder. */
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createAuthority, issueCertificate, type KeyAndCertificate } from "./certificates.ts";

export interface ClusterKeys {
  authority: KeyAndCertificate;
  server: KeyAndCertificate;
  /** The server's, as it will be seen when nobody renews it: a fault that clients shall meet. */
  expiredServer: KeyAndCertificate;
  /** Client certificate of a member of system:masters. */
  admin: KeyAndCertificate;
  /** PEM of the key that signs service account tokens (ES256). */
  serviceAccountKeyPem: string;
  /** Signs CDI upload tokens and the demo users' bearer tokens. */
  tokenSecret: string;
}

const HOUR_MS = 3_600_000;

function readOrMake(path: string, make: () => string): string {
  if (existsSync(path)) return readFileSync(path, "utf8");
  const text = make();
  writeFileSync(path, text, { mode: 0o600 });
  return text;
}

async function pair(
  dir: string,
  name: string,
  make: () => Promise<KeyAndCertificate>,
): Promise<KeyAndCertificate> {
  const keyPath = join(dir, `${name}.key`);
  const certPath = join(dir, `${name}.crt`);
  if (existsSync(keyPath) && existsSync(certPath)) {
    return { keyPem: readFileSync(keyPath, "utf8"), certPem: readFileSync(certPath, "utf8") };
  }
  const made = await make();
  writeFileSync(keyPath, made.keyPem, { mode: 0o600 });
  writeFileSync(certPath, made.certPem);
  return made;
}

/** Reads `<dataDir>/pki`, making what is missing. `hosts` are names and addresses besides loopback. */
export async function openClusterKeys(dataDir: string, hosts: string[], nowMs: number): Promise<ClusterKeys> {
  const dir = join(dataDir, "pki");
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const authority = await pair(dir, "ca", () => createAuthority("kube-sim-ca", nowMs));
  const allHosts = [
    ...new Set([
      "127.0.0.1",
      "::1",
      "localhost",
      "kubernetes",
      "kubernetes.default",
      "kubernetes.default.svc",
      ...hosts,
    ]),
  ];
  const server = await pair(
    dir,
    hosts.length === 0 ? "server" : `server-${hosts.join("-").replaceAll(/[^A-Za-z0-9.-]/g, "_")}`,
    () =>
      issueCertificate(
        authority,
        { commonName: "kube-apiserver", organizations: [], hosts: allHosts, use: "server" },
        nowMs,
      ),
  );
  const expiredServer = await pair(dir, "server-expired", () =>
    issueCertificate(
      authority,
      { commonName: "kube-apiserver", organizations: [], hosts: allHosts, use: "server" },
      nowMs - 24 * HOUR_MS,
      HOUR_MS,
    ),
  );
  const admin = await pair(dir, "admin", () =>
    issueCertificate(
      authority,
      { commonName: "kubernetes-admin", organizations: ["system:masters"], hosts: [], use: "client" },
      nowMs,
    ),
  );
  return {
    authority,
    server,
    expiredServer,
    admin,
    serviceAccountKeyPem: readOrMake(join(dir, "service-account.key"), () =>
      String(
        generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({
          type: "pkcs8",
          format: "pem",
        }),
      ),
    ),
    tokenSecret: readOrMake(join(dir, "token.secret"), () => randomBytes(32).toString("hex")),
  };
}
