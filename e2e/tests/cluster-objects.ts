/** The samples of catalogued nouns in the embedded cluster, made by kubectl as anybody would make them. */
import { execFileSync } from "node:child_process";
import { objectCatalog, type ObjectNoun } from "../../packages/api-types/src/object-catalog.ts";
import { objectSamples } from "../../apps/bff/test/object-samples.ts";
import { kubeconfig } from "./embedded-cluster.ts";
import { kubectl } from "./kubectl.ts";

function run(args: readonly string[], input?: string): void {
  execFileSync(kubectl ?? "", ["--kubeconfig", kubeconfig, ...args], {
    ...(input === undefined ? {} : { input }),
    stdio: ["pipe", "pipe", "pipe"],
    encoding: "utf8",
  });
}

/** Makes the sample of each noun, all in one call. */
export function applySamples(
  nouns: readonly ObjectNoun[],
  project: string,
  nameOf: (noun: ObjectNoun) => string,
): void {
  const items = nouns.map((noun) => {
    const { group, version, kind, namespaced } = objectCatalog[noun];
    return {
      apiVersion: group === "" ? version : `${group}/${version}`,
      kind,
      metadata: { name: nameOf(noun), ...(namespaced ? { namespace: project } : {}) },
      ...objectSamples[noun].object,
    };
  });
  run(["apply", "-f", "-"], items.map((item) => JSON.stringify(item)).join("\n"));
}

/** Sets one label of an object. */
export function label(noun: ObjectNoun, project: string, name: string, text: string): void {
  const { group, version, resource, namespaced } = objectCatalog[noun];
  const type = group === "" ? resource : `${resource}.${version}.${group}`;
  run([...(namespaced ? ["-n", project] : []), "label", type, name, text]);
}
