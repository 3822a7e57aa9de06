/** The demo's people: random passwords and tokens per installation, kept in the data folder. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface DemoUserRecord {
  name: string;
  password: string;
  groups: string[];
  token: string;
}

const DEMO_GROUPS: Record<string, string[]> = {
  operator: ["platform-operators"],
  alice: ["tenants"],
  bob: ["tenants"],
  viewer: ["tenants"],
};

/** Letters and digits that cannot be mistaken for one another, for passwords people type. */
const READABLE = "abcdefghjkmnpqrstuvwxyz23456789";

function readablePassword(): string {
  const letters = [...randomBytes(12)].map((byte) => READABLE[byte % READABLE.length] ?? "x");
  return [letters.slice(0, 4), letters.slice(4, 8), letters.slice(8)].map((part) => part.join("")).join("-");
}

export function openDemoUsers(dataDir: string): DemoUserRecord[] {
  const path = join(dataDir, "demo-users.json");
  if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8")) as DemoUserRecord[]; // written below
  const users = Object.entries(DEMO_GROUPS).map(([name, groups]) => ({
    name,
    password: readablePassword(),
    groups,
    token: randomBytes(32).toString("base64url"),
  }));
  writeFileSync(path, `${JSON.stringify(users, null, 2)}\n`, { mode: 0o600 });
  return users;
}
