/** Objects in list order, kept sorted as they come and go. What has been handed out is never changed: it is a snapshot. */
import type { KubeObject } from "./kube-object.ts";

function byPosition(a: KubeObject, b: KubeObject): number {
  const left = a.metadata.namespace ?? "";
  const right = b.metadata.namespace ?? "";
  if (left !== right) return left < right ? -1 : 1;
  return a.metadata.name < b.metadata.name ? -1 : a.metadata.name > b.metadata.name ? 1 : 0;
}

export class SortedObjects {
  #objects: KubeObject[] = [];
  /** Somebody holds the array: copy before the next change. */
  #handedOut = false;

  snapshot(): readonly KubeObject[] {
    this.#handedOut = true;
    return this.#objects;
  }

  copy(): KubeObject[] {
    return this.#objects.slice();
  }

  put(object: KubeObject): void {
    const objects = this.#writable();
    const last = objects.at(-1);
    if (last === undefined || byPosition(last, object) < 0) {
      objects.push(object);
      return;
    }
    const index = this.#find(object);
    const found = objects[index];
    const replaces = found !== undefined && byPosition(found, object) === 0;
    objects.splice(index, replaces ? 1 : 0, object);
  }

  remove(object: KubeObject): void {
    const index = this.#find(object);
    const found = this.#objects[index];
    if (found === undefined || byPosition(found, object) !== 0) return;
    this.#writable().splice(index, 1);
  }

  #writable(): KubeObject[] {
    if (this.#handedOut) {
      this.#objects = this.#objects.slice();
      this.#handedOut = false;
    }
    return this.#objects;
  }

  /** Where the object is, or would be. */
  #find(object: KubeObject): number {
    let low = 0;
    let high = this.#objects.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#objects[middle];
      if (other !== undefined && byPosition(other, object) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
