/** The one entry of kube-sim: starts a cluster in this process and tells how to reach it. */
import type { MachineKind } from "./machines/machine.ts";
import type { NewObject } from "./store/kube-object.ts";

export interface KubeSimOptions {
  /** Where state, disks, keys and the kubeconfig live; null keeps everything in a temporary folder that close() removes. */
  dataDir: string | null;
  /** 0 picks a free port. */
  port?: number;
  scenario?: "demo" | "empty" | "ten-thousand-vms" | "degraded";
  /** `auto` takes QEMU where it is installed. */
  machines?: "auto" | "qemu" | "stand-in";
  /** Gives guests a way out; off by default. */
  guestInternet?: boolean;
  /** The demo's identity provider (plain HTTP on loopback); absent leaves it out. */
  oidc?: { port?: number; redirectUris: string[] };
  log?: (message: string, fields?: Record<string, unknown>) => void;
}

export interface DemoUser {
  name: string;
  password: string;
  groups: string[];
  /** A bearer token that the API server accepts for this user. */
  token: string;
}

export interface KubeSim {
  /** https://127.0.0.1:PORT */
  url: string;
  caPem: string;
  /** Cluster-admin kubeconfig. */
  kubeconfigPath: string;
  /** kubeconfig text for one demo user or service account `system:serviceaccount:ns:name`. */
  kubeconfigFor(userName: string): string;
  users: DemoUser[];
  oidc: { issuer: string; clientId: string; clientSecret: string } | null;
  machines: MachineKind;
  /** Stores objects as they are, status included: fixtures for tests and benches. */
  seed(objects: NewObject[]): void;
  close(): Promise<void>;
}
