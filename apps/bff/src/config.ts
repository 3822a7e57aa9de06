/** The environment, read and validated once at start; nothing else looks at process.env. docs/configuration.md is its table. */
import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";

const flag = z
  .enum(["true", "false", "1", "0", ""])
  .default("false")
  .transform((value) => value === "true" || value === "1");
const text = z.string().trim().default("");
const wholeNumber = (fallback: number, min: number, max: number) => {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.coerce.number({ error }).int({ error }).min(min, { error }).max(max, { error }).default(fallback);
};
const commaList = z
  .string()
  .default("")
  .transform((value) =>
    value
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== ""),
  );
const httpUrl = z
  .string()
  .trim()
  .default("")
  .refine((value) => value === "" || /^https?:\/\/[^/]+/.test(value), "must be an http or https URL");

const environment = z.object({
  PORT: wholeNumber(8080, 0, 65_535),
  HOST: z.string().trim().min(1).default("127.0.0.1"),
  DATA_DIR: z.string().trim().min(1).default(".kubev"),
  DATABASE_URL: text,
  PUBLIC_URL: httpUrl,
  KUBECONFIG_FILE: text,
  KUBE_CONTEXT: text,
  PROJECTS: commaList,
  SIGN_IN_MODES: commaList.pipe(z.array(z.enum(["oidc", "token", "kubeconfig"]))),
  ACTING_MODE: z.enum(["passthrough", "impersonate"]).default("passthrough"),
  OIDC_ISSUER: httpUrl,
  OIDC_CLIENT_ID: text,
  OIDC_CLIENT_SECRET: text,
  OIDC_CLIENT_SECRET_FILE: text,
  OIDC_SCOPES: z.string().trim().default("openid profile email groups offline_access"),
  OIDC_USERNAME_CLAIM: z.string().trim().min(1).default("sub"),
  OIDC_GROUPS_CLAIM: z.string().trim().min(1).default("groups"),
  OIDC_USER_PREFIX: text,
  OIDC_GROUPS_PREFIX: text,
  OIDC_LABEL: z.string().trim().min(1).default("Sign in"),
  SESSION_IDLE_MINUTES: wholeNumber(60, 1, 60 * 24 * 30),
  SESSION_MAX_HOURS: wholeNumber(12, 1, 24 * 90),
  SESSION_KEY: text,
  SESSION_KEY_FILE: text,
  TLS_CERT_FILE: text,
  TLS_KEY_FILE: text,
  TRUSTED_PROXY: commaList,
  SHARED_IMAGES_PROJECT: text,
  SUPPORT_CONTACT: text,
  MAX_UPLOAD_BYTES: wholeNumber(100 * 1024 ** 3, 1, Number.MAX_SAFE_INTEGER),
  UPLOAD_PROXY_URL: httpUrl,
  UPLOAD_PROXY_CA_FILE: text,
  PROMETHEUS_URL: httpUrl,
  PROMETHEUS_TOKEN_FILE: text,
  PROMETHEUS_CA_FILE: text,
  CLUSTER_NAME: z.string().trim().min(1).default("cluster"),
  WEB_DIR: text,
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  DRAIN_GRACE_SECONDS: wholeNumber(10, 0, 3600),
  DEMO: flag,
  MACHINES: z.enum(["kvm", "tcg", "stand-in", "cluster"]).default("cluster"),
});

export interface OidcConfig {
  issuer: string;
  clientId: string;
  clientSecret: string;
  scopes: string;
  usernameClaim: string;
  groupsClaim: string;
  userPrefix: string;
  groupsPrefix: string;
  label: string;
}

export interface Config {
  port: number;
  host: string;
  dataDir: string;
  /** '' takes the embedded SQLite in dataDir. */
  databaseUrl: string;
  /** Origin under which browsers reach the console, without a trailing slash; '' means the listening address. */
  publicUrl: string;
  /** '' with no file means the pod's service account. */
  kubeconfigFile: string;
  kubeContext: string;
  /** Projects to look into where namespaces may not be listed. */
  projects: readonly string[];
  signInModes: readonly ("oidc" | "token" | "kubeconfig")[];
  actingMode: "passthrough" | "impersonate";
  oidc: OidcConfig | null;
  sessionIdleMs: number;
  sessionMaxMs: number;
  /** '' makes the store create one in dataDir. */
  sessionKey: string;
  tls: { certPem: string; keyPem: string } | null;
  trustedProxies: readonly string[];
  sharedImagesProject: string;
  supportContact: string;
  maxUploadBytes: number;
  uploadProxy: { url: string; caPem: string } | null;
  /** The token's file is read anew with every query, since tokens are rotated. */
  prometheus: { url: string; tokenFile: string; caPem: string } | null;
  clusterName: string;
  webDir: string;
  logLevel: string;
  drainGraceMs: number;
  demo: boolean;
  /** How machines run, as the embedded cluster's starter knows it. */
  machines: "kvm" | "tcg" | "stand-in" | "cluster";
}

/** All mistakes of an environment at once, one line each. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.name = "ConfigError";
    this.problems = problems;
  }
}

/** `-` stands for none, said on purpose. */
function prefixOf(value: string): string {
  return value === "-" ? "" : value;
}

/** True for addresses that only this machine reaches; IPv6 may stand in brackets, as in a URL. */
export function isLoopback(host: string): boolean {
  return ["localhost", "::1", "[::1]"].includes(host) || /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * Validates an environment.
 * @throws ConfigError naming each wrong variable in one line.
 */
export function readConfig(env: Record<string, string | undefined>): Readonly<Config> {
  const parsed = environment.safeParse(
    Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== "")),
  );
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message.toLowerCase()}`),
    );
  }
  const v = parsed.data;
  const problems: string[] = [];
  const file = (variable: string, path: string): string => {
    if (path === "") return "";
    if (!existsSync(path)) {
      problems.push(`${variable}: there is no file ${path}`);
      return "";
    }
    return readFileSync(path, "utf8").trim();
  };
  const signInModes: Config["signInModes"] = v.SIGN_IN_MODES.length > 0 ? v.SIGN_IN_MODES : ["token"];
  const loopback = isLoopback(v.HOST);
  const oidcOn = signInModes.includes("oidc");
  if (oidcOn && v.OIDC_ISSUER === "") problems.push("OIDC_ISSUER: needed because SIGN_IN_MODES has oidc");
  if (oidcOn && v.OIDC_CLIENT_ID === "")
    problems.push("OIDC_CLIENT_ID: needed because SIGN_IN_MODES has oidc");
  if (signInModes.includes("kubeconfig")) {
    if (signInModes.length > 1)
      problems.push("SIGN_IN_MODES: kubeconfig cannot be combined with another mode");
    if (!loopback) problems.push("SIGN_IN_MODES: kubeconfig is for loopback only, and HOST is not loopback");
    if (v.TRUSTED_PROXY.length > 0)
      problems.push(
        "TRUSTED_PROXY: nobody signs in with SIGN_IN_MODES kubeconfig, so no proxy may publish it",
      );
    if (v.PUBLIC_URL !== "" && !isLoopback(new URL(v.PUBLIC_URL).hostname))
      problems.push(
        "PUBLIC_URL: nobody signs in with SIGN_IN_MODES kubeconfig, so it must be an address of loopback",
      );
    if (v.ACTING_MODE === "impersonate")
      problems.push("ACTING_MODE: impersonate needs people who sign in, and SIGN_IN_MODES is kubeconfig");
    if (v.KUBECONFIG_FILE === "")
      problems.push("KUBECONFIG_FILE: needed because SIGN_IN_MODES is kubeconfig");
  }
  if ((v.TLS_CERT_FILE === "") !== (v.TLS_KEY_FILE === ""))
    problems.push("TLS_CERT_FILE, TLS_KEY_FILE: set both or neither");
  const certPem = file("TLS_CERT_FILE", v.TLS_CERT_FILE);
  const keyPem = file("TLS_KEY_FILE", v.TLS_KEY_FILE);
  if (!loopback && v.TLS_CERT_FILE === "" && v.TRUSTED_PROXY.length === 0)
    problems.push(
      `HOST: ${v.HOST} is reachable from elsewhere; set TLS_CERT_FILE and TLS_KEY_FILE, or TRUSTED_PROXY to the addresses of the proxy that ends TLS`,
    );
  if (v.TRUSTED_PROXY.length > 0 && !v.PUBLIC_URL.startsWith("https://"))
    problems.push("PUBLIC_URL: behind TRUSTED_PROXY it must be the https address that browsers use");
  if (v.KUBECONFIG_FILE !== "" && !existsSync(v.KUBECONFIG_FILE))
    problems.push(`KUBECONFIG_FILE: there is no file ${v.KUBECONFIG_FILE}`);
  if (v.WEB_DIR !== "" && !existsSync(`${v.WEB_DIR}/index.html`))
    problems.push(`WEB_DIR: there is no index.html in ${v.WEB_DIR}`);
  if (v.DATABASE_URL !== "" && !/^postgres(ql)?:\/\//.test(v.DATABASE_URL))
    problems.push("DATABASE_URL: must start with postgres://");
  if (oidcOn && v.ACTING_MODE === "impersonate")
    for (const [variable, prefix] of [
      ["OIDC_USER_PREFIX", v.OIDC_USER_PREFIX],
      ["OIDC_GROUPS_PREFIX", v.OIDC_GROUPS_PREFIX],
    ])
      if (prefix === "")
        problems.push(
          `${variable}: needed because ACTING_MODE is impersonate, so that no name of the identity provider is one of the cluster's own; - means none`,
        );
  const clientSecret = v.OIDC_CLIENT_SECRET || file("OIDC_CLIENT_SECRET_FILE", v.OIDC_CLIENT_SECRET_FILE);
  const sessionKey = v.SESSION_KEY || file("SESSION_KEY_FILE", v.SESSION_KEY_FILE);
  if (sessionKey !== "" && sessionKey.length < 32)
    problems.push("SESSION_KEY: must have at least 32 characters");
  if (v.DATABASE_URL !== "" && sessionKey === "")
    problems.push("SESSION_KEY: needed with DATABASE_URL, so that every replica uses the same one");
  const proxyCaPem = file("UPLOAD_PROXY_CA_FILE", v.UPLOAD_PROXY_CA_FILE);
  const prometheusCaPem = file("PROMETHEUS_CA_FILE", v.PROMETHEUS_CA_FILE);
  if (v.PROMETHEUS_TOKEN_FILE !== "" && !existsSync(v.PROMETHEUS_TOKEN_FILE))
    problems.push(`PROMETHEUS_TOKEN_FILE: there is no file ${v.PROMETHEUS_TOKEN_FILE}`);
  if (problems.length > 0) throw new ConfigError(problems);

  return Object.freeze({
    port: v.PORT,
    host: v.HOST,
    dataDir: v.DATA_DIR,
    databaseUrl: v.DATABASE_URL,
    publicUrl: v.PUBLIC_URL.replace(/\/+$/, ""),
    kubeconfigFile: v.KUBECONFIG_FILE,
    kubeContext: v.KUBE_CONTEXT,
    projects: v.PROJECTS,
    signInModes,
    actingMode: v.ACTING_MODE,
    oidc: oidcOn
      ? {
          issuer: v.OIDC_ISSUER,
          clientId: v.OIDC_CLIENT_ID,
          clientSecret,
          scopes: v.OIDC_SCOPES,
          usernameClaim: v.OIDC_USERNAME_CLAIM,
          groupsClaim: v.OIDC_GROUPS_CLAIM,
          userPrefix: prefixOf(v.OIDC_USER_PREFIX),
          groupsPrefix: prefixOf(v.OIDC_GROUPS_PREFIX),
          label: v.OIDC_LABEL,
        }
      : null,
    sessionIdleMs: v.SESSION_IDLE_MINUTES * 60_000,
    sessionMaxMs: v.SESSION_MAX_HOURS * 3_600_000,
    sessionKey,
    tls: certPem !== "" ? { certPem, keyPem } : null,
    trustedProxies: v.TRUSTED_PROXY,
    sharedImagesProject: v.SHARED_IMAGES_PROJECT,
    supportContact: v.SUPPORT_CONTACT,
    maxUploadBytes: v.MAX_UPLOAD_BYTES,
    uploadProxy: v.UPLOAD_PROXY_URL !== "" ? { url: v.UPLOAD_PROXY_URL, caPem: proxyCaPem } : null,
    prometheus:
      v.PROMETHEUS_URL === ""
        ? null
        : {
            url: v.PROMETHEUS_URL.replace(/\/+$/, ""),
            tokenFile: v.PROMETHEUS_TOKEN_FILE,
            caPem: prometheusCaPem,
          },
    clusterName: v.CLUSTER_NAME,
    webDir: v.WEB_DIR,
    logLevel: v.LOG_LEVEL,
    drainGraceMs: v.DRAIN_GRACE_SECONDS * 1000,
    demo: v.DEMO,
    machines: v.MACHINES,
  });
}
