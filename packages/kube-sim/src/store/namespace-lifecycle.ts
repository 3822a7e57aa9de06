/** Fills new namespaces with what every namespace has, and empties those on their way out. */
import type { KubeObject } from "./kube-object.ts";
import { type Left, type NamespaceCondition, terminationConditions } from "./namespace-termination.ts";
import type { KubeStore } from "./kube-store.ts";

const NAMESPACES = { group: "", resource: "namespaces" };
const WRITER = { fieldManager: "kube-controller-manager" };

export class NamespaceLifecycle {
  readonly #store: KubeStore;
  readonly #caPem: string;
  readonly #stop: () => void;
  readonly #terminating = new Set<string>();
  #closed = false;

  constructor(store: KubeStore, caPem: string) {
    this.#store = store;
    this.#caPem = caPem;
    for (const namespace of store.list(NAMESPACES)) this.#observe(namespace);
    this.#stop = store.onChange(({ type, kind, object }) => {
      if (kind.group === "" && kind.resource === "namespaces") {
        if (type !== "DELETED") this.#observe(object);
        return;
      }
      const { namespace } = object.metadata;
      if (type === "DELETED" && namespace !== undefined && this.#terminating.has(namespace))
        this.#later(namespace);
      else if (type === "DELETED" && kind.resource === "serviceaccounts" && namespace !== undefined)
        this.#fillLater(namespace);
    });
  }

  close(): void {
    this.#closed = true;
    this.#stop();
  }

  #observe(namespace: KubeObject): void {
    const { name, deletionTimestamp } = namespace.metadata;
    if (deletionTimestamp === undefined) {
      this.#fillLater(name);
      return;
    }
    this.#terminating.add(name);
    this.#later(name);
  }

  #fillLater(name: string): void {
    this.#store.later(() => {
      if (!this.#closed) this.#fill(name);
    });
  }

  #fill(name: string): void {
    const namespace = this.#store.get({ ...NAMESPACES, name });
    if (namespace === undefined || namespace.metadata.deletionTimestamp !== undefined) return;
    const metadata = { namespace: name, name: "default" };
    if (this.#store.get({ group: "", resource: "serviceaccounts", ...metadata }) === undefined) {
      this.#store.create({ apiVersion: "v1", kind: "ServiceAccount", metadata }, WRITER);
    }
    const root = { namespace: name, name: "kube-root-ca.crt" };
    if (this.#store.get({ group: "", resource: "configmaps", ...root }) === undefined) {
      this.#store.create(
        { apiVersion: "v1", kind: "ConfigMap", metadata: root, data: { "ca.crt": this.#caPem } },
        WRITER,
      );
    }
  }

  #later(name: string): void {
    this.#store.later(() => {
      if (!this.#closed) this.#empty(name);
    });
  }

  /** Deletes the content; the namespace goes once nothing is left. */
  #empty(name: string): void {
    const namespace = this.#store.get({ ...NAMESPACES, name });
    if (namespace === undefined || namespace.metadata.deletionTimestamp === undefined) {
      this.#terminating.delete(name);
      return;
    }
    const left = this.#deleteContent(name);
    this.#report(name, left);
    if (left.length > 0) return;
    this.#terminating.delete(name);
    this.#store.modify({ ...NAMESPACES, name }, WRITER, (current) => ({ ...current, spec: {} }));
  }

  /** What is still there afterwards. */
  #deleteContent(name: string): Left[] {
    const left: Left[] = [];
    for (const kind of this.#store.kinds.all) {
      if (!kind.namespaced) continue;
      for (const object of this.#store.list(kind, name)) {
        const key = {
          group: kind.group,
          resource: kind.resource,
          namespace: name,
          name: object.metadata.name,
        };
        if (object.metadata.deletionTimestamp === undefined)
          this.#store.remove(key, { propagationPolicy: "Background" });
        const remaining = this.#store.get(key);
        if (remaining !== undefined) left.push({ kind, object: remaining });
      }
    }
    return left;
  }

  /** Tells in the namespace's status what it waits for. */
  #report(name: string, left: readonly Left[]): void {
    this.#store.modify({ ...NAMESPACES, name }, WRITER, (current) => {
      const status = (current["status"] ?? {}) as { conditions?: NamespaceCondition[] }; // a Namespace's status
      const conditions = terminationConditions(left).map((condition) => {
        const before = status.conditions?.find(({ type }) => type === condition.type);
        const lastTransitionTime =
          before?.status === condition.status ? before.lastTransitionTime : this.#store.timestamp();
        return { ...condition, lastTransitionTime };
      });
      return { ...current, status: { ...status, conditions } };
    });
  }
}
