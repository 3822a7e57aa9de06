/** The create form's draft: what it sends, what it finds wrong, what it keeps. */
import { vmCreateSpec } from "@kubev/api-types/vm-create";
import { expect, test } from "vitest";
import { draftErrors, emptyDraft, specOf, type VmDraft } from "./draft.ts";
import { worthKeeping } from "./use-vm-draft.ts";
import { previewPrompt } from "./preview-prompt.ts";
import { fieldLabel } from "./field-labels.ts";

const good: VmDraft = { ...emptyDraft, name: "web-1", image: "shared/debian-12", instanceType: "u1.small" };
const variants: Record<string, Partial<VmDraft>> = {
  image: {},
  iso: { source: "iso", iso: "shared/installer" },
  disk: { source: "disk", disk: "old-root" },
  blank: { source: "blank" },
  url: { source: "url", url: "https://a.example/x.qcow2" },
  registry: { source: "registry", registry: "docker://quay.io/x/y" },
  snapshot: { source: "snapshot", snapshot: "before-upgrade" },
  custom: { sizing: "custom", cpuCores: 4 },
  network: { nic: { subnet: "front", ips: ["10.16.0.9"], mac: "", securityGroups: ["web"] } },
  "more of both": { attachments: ["backup"], dataDisks: [{ sizeBytes: 1024 ** 3, storageClass: "" }] },
  user: { userName: "admin", password: "secret", sshKeys: "ssh-ed25519 AAAA a\n\n ssh-rsa BBBB b " },
  "keys of the project": { sshKeySecrets: ["team-keys"] },
  raw: { cloudInit: "raw", userData: "#cloud-config\n" },
  labels: { labels: "env=prod, tier=web\nempty=" },
  "left to the cluster when drained": { evictionStrategy: "" },
};

test.each(Object.entries(variants))("the request of a draft (%s) fits the contract", (_, part) => {
  const draft = { ...good, ...part };
  expect(draftErrors(draft)).toEqual([]);
  expect(vmCreateSpec.safeParse(specOf(draft)).error?.issues).toBeUndefined();
});

test("keys and labels are taken line by line", () => {
  expect(specOf({ ...good, ...variants["user"] }).cloudInit).toMatchObject({
    kind: "form",
    sshKeys: ["ssh-ed25519 AAAA a", "ssh-rsa BBBB b"],
  });
  expect(specOf({ ...good, sshKeySecrets: ["team-keys"] }).cloudInit).toMatchObject({
    kind: "form",
    sshKeySecrets: ["team-keys"],
  });
  expect(specOf({ ...good, ...variants["labels"] }).labels).toEqual({ env: "prod", tier: "web", empty: "" });
});

test("nothing entered for the first start means no cloud-init, no network entered means the default", () => {
  expect(specOf(good).cloudInit).toEqual({ kind: "none" });
  expect(vmCreateSpec.parse(specOf(good)).nic).toEqual({ subnet: "", ips: [], mac: "", securityGroups: [] });
});

test("what is missing is said at its field, and every field has a label", () => {
  const errors = draftErrors({
    ...emptyDraft,
    labels: "nokey",
    diskSizeBytes: null,
    dataDisks: [{ sizeBytes: null, storageClass: "" }],
    attachments: [""],
  });
  expect(errors.map((error) => error.path)).toEqual([
    "name",
    "source.name",
    "diskSizeBytes",
    "sizing.name",
    "dataDisks.0.sizeBytes",
    "attachments.0",
    "labels",
  ]);
  for (const { path } of errors) expect(fieldLabel(path)).not.toBe(path);
  expect(fieldLabel("cloudInit.sshKeys.3")).toBe("SSH public keys");
});

test("what is kept of a draft holds no secret", () => {
  const kept = worthKeeping({
    ...good,
    password: "canary-1",
    userData: "canary-2",
    url: "https://me:canary-3@host.example/a.img",
  });
  expect(JSON.stringify(kept)).not.toContain("canary");
  expect(kept).toEqual({ ...good, url: "https://host.example/a.img" });
});

test("in place of the preview it is said what is missing, or else which field is not right", () => {
  const prompt = (part: Partial<VmDraft>) => previewPrompt(draftErrors({ ...good, ...part }));
  const then = "; then the cluster is asked whether it fits.";
  expect(prompt({ name: "", labels: "not a label" })).toBe(`Give the machine a name and a source${then}`);
  expect(prompt({ name: "Not A Name", image: "" })).toBe(`Give the machine a source${then}`);
  expect(prompt({ labels: "not a label" })).toBe(
    `Something in the form is not right yet (Labels). Correct it${then}`,
  );
  expect(prompt({ name: "Not A Name" })).toBe(
    `Something in the form is not right yet (Name). Correct it${then}`,
  );
  expect(prompt({ instanceType: "" })).toBe(`Something is still missing (Instance type). Fill it in${then}`);
});
