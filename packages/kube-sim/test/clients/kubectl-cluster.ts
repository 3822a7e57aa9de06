/** One simulator for all kubectls of a test file; each version gets a project of its own, and what it lacks is said by name. */
import { afterAll, beforeAll, describe } from "vitest";
import { startCluster, type TestCluster } from "../cluster.ts";
import { CURRENT_MINOR, DEBIAN_MINOR, Kubectl, kubectls } from "./kubectls.ts";

export interface Subject {
  kubectl: Kubectl;
  cluster: TestCluster;
  /** A project that this version has alone. */
  project: string;
}

const say = (line: string) => process.stderr.write(`${line}\n`);

/** Runs `tests` for every kubectl of this machine; says which ones ran, and loudly which one there is not. */
export function describeKubectls(what: string, tests: (subject: () => Subject, minor: number) => void): void {
  if (kubectls.length === 0) say(`SKIPPED: there is no kubectl, so it was not tried on ${what}`);
  else say(`kubectl on ${what}: ${kubectls.map(({ version }) => version).join(", ")}`);
  if (!kubectls.some(({ minor }) => minor === DEBIAN_MINOR))
    say(
      `SKIPPED: Debian's kubectl 1.${DEBIAN_MINOR} is not there (npm test downloads it), so it was not tried`,
    );
  if (!kubectls.some(({ minor }) => minor >= CURRENT_MINOR))
    say(`SKIPPED: no current kubectl is there (KUBECTL may name one), so none was tried`);
  let cluster: TestCluster;
  describe.skipIf(kubectls.length === 0)(`kubectl ${what}`, () => {
    beforeAll(async () => {
      cluster = await startCluster({ scenario: "demo" });
    });
    afterAll(async () => cluster.close());
    describe.each(kubectls)("$version", (program) => {
      let kubectl: Kubectl;
      const project = `with-${program.version.replaceAll(/[^a-z0-9]+/g, "-")}`;
      beforeAll(async () => {
        kubectl = new Kubectl(program, cluster.sim.kubeconfigPath);
        await kubectl.ok(`create namespace ${project}`);
        await kubectl.ok(`config set-context --current --namespace ${project}`);
      });
      afterAll(async () => kubectl.close());
      tests(() => ({ kubectl, cluster, project }), program.minor);
    });
  });
}

export const machine = (name: string, more: { runStrategy?: string; label?: string } = {}): string => `
apiVersion: kubevirt.io/v1
kind: VirtualMachine
metadata: {name: ${name}, labels: {part: ${more.label ?? "one"}}}
spec:
  runStrategy: ${more.runStrategy ?? "Halted"}
  template:
    spec:
      domain: {devices: {}, memory: {guest: 128Mi}}
`;

export const configMap = (name: string, value: string): string => `
apiVersion: v1
kind: ConfigMap
metadata: {name: ${name}}
data: {key: ${value}}
`;

export const deployment = (name: string): string => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  replicas: 2
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: web, image: "web:1"}]}
`;
