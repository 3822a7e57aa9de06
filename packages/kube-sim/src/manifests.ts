/** Reads the objects of a YAML file, one document each. */
import { readFileSync } from "node:fs";
import { parseAllDocuments } from "yaml";
import type { NewObject } from "./store/kube-object.ts";

/** Throws when the file is no YAML or a document is no Kubernetes object. */
export function manifestObjects(path: string): NewObject[] {
  return parseAllDocuments(readFileSync(path, "utf8")).map((document) => {
    const [error] = document.errors;
    if (error) throw new Error(`${path}: ${error.message}`);
    const object = document.toJS() as Partial<NewObject> | null; // checked next
    if (!object?.apiVersion || !object.kind || !object.metadata?.name)
      throw new Error(`${path}: a document is no Kubernetes object`);
    return object as NewObject; // as just checked
  });
}
