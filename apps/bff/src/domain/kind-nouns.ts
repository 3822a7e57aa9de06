/** Which noun of the console an object of a kind belongs to. Pure. */
import { objectCatalog, objectNouns } from "@kubev/api-types/object-catalog";
import type { Noun } from "@kubev/api-types/resource-ref";

/** Nouns that are not catalogued and have a page by project and name all the same. */
const otherNouns: Readonly<Record<string, Noun>> = {
  "kubevirt.io/VirtualMachine": "virtual-machine",
  "/PersistentVolumeClaim": "disk",
  "/Secret": "secret",
  "cdi.kubevirt.io/DataVolume": "disk",
  "cdi.kubevirt.io/DataSource": "image",
  "/Namespace": "project",
  "/Node": "host",
  "kubeovn.io/Vpc": "vpc",
  "kubeovn.io/Subnet": "subnet",
};

/** Their nouns' pages show no text, or another object's. */
const withoutText: ReadonlySet<string> = new Set(["/Secret", "cdi.kubevirt.io/DataVolume"]);

/** The noun on whose page an object of this kind is found. */
export function nounOf(group: string, kind: string): Noun | undefined {
  return (
    otherNouns[`${group}/${kind}`] ??
    objectNouns.find((noun) => objectCatalog[noun].group === group && objectCatalog[noun].kind === kind)
  );
}

/** The noun on whose pages the text of objects of this kind is read and edited. */
export function nounOfText(group: string, kind: string): Noun | undefined {
  return withoutText.has(`${group}/${kind}`) ? undefined : nounOf(group, kind);
}
