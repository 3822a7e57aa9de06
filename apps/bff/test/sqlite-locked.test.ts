/** Another program that locks the SQLite file, as a backup or a person with a shell does, holds up what uses the database, and nothing else. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setImmediate as nextTurn } from "node:timers/promises";
import { userPreferences } from "@kubev/api-types/preferences";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Database, openDatabase } from "../src/store/database.ts";
import { PreferenceStore } from "../src/store/preference-store.ts";
import { StoreUnavailableError } from "../src/store/store-error.ts";

const light = userPreferences.parse({ theme: "light" });
let folder: string;
let db: Database;
let other: DatabaseSync;
let kept: PreferenceStore;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "kubev-locked-"));
  db = await openDatabase("", folder);
  const [file = ""] = readdirSync(folder).filter((name) => !/-(wal|shm)$/.test(name));
  other = new DatabaseSync(join(folder, file));
  kept = new PreferenceStore(db, "here");
  other.exec("BEGIN EXCLUSIVE");
});
afterEach(async () => {
  other.close();
  await db.destroy();
  rmSync(folder, { recursive: true });
});

test("a write waits without holding the server up, and is done once the lock is gone", async () => {
  let done = false;
  const write = kept.put("alice", light).then(() => {
    done = true;
  });
  for (let turn = 0; turn < 100; turn += 1) await nextTurn();
  expect(done).toBe(false);
  other.exec("COMMIT");
  await write;
  expect(await kept.get("alice")).toMatchObject({ theme: "light" });
});

test("what is kept can be read meanwhile, and a write that waits too long says that the database is away", async () => {
  await expect(kept.put("alice", light)).rejects.toBeInstanceOf(StoreUnavailableError);
  expect(await kept.get("alice")).toMatchObject({ theme: "system" });
  const startedAt = performance.now();
  await expect(kept.put("bob", light)).rejects.toBeInstanceOf(StoreUnavailableError);
  expect(performance.now() - startedAt).toBeLessThan(1000); // it was tried once: what the first waited for is known
  other.exec("COMMIT");
  await kept.put("alice", light);
  expect(await kept.get("alice")).toMatchObject({ theme: "light" });
});
