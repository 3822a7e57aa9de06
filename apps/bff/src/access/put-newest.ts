/** Puts an entry at the end of `map` and keeps the newest `atMost`. */
export function putNewest<Value>(map: Map<string, Value>, key: string, value: Value, atMost: number): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= atMost) return;
    map.delete(oldest);
  }
}
