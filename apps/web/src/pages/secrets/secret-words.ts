/** What a secret is for and what uses it, in the words of a person. */
import type { SecretSort, SecretUse } from "@kubev/api-types/secrets";
import { paths } from "../../paths.ts";

export const sortWords: Record<SecretSort, string> = {
  "ssh-keys": "SSH keys",
  "first-start": "First start of a machine",
  registry: "Registry login",
  login: "User and password",
  certificate: "Certificate",
  "account-token": "Service account token",
  other: "Keys and values",
};

export const userWords: Record<SecretUse["kind"], string> = {
  "virtual-machine": "Machine",
  disk: "Disk",
  "data-import-cron": "Image schedule",
  "service-account": "Service account",
  pod: "Pod",
  deployment: "Deployment",
  "stateful-set": "StatefulSet",
  "daemon-set": "DaemonSet",
  job: "Job",
  "cron-job": "CronJob",
};

export function userLink(project: string, { kind, name }: SecretUse): string {
  switch (kind) {
    case "virtual-machine":
      return paths.vm(project, name);
    case "disk":
      return paths.disk(project, name);
    default:
      return paths.object({ ref: { noun: kind }, project, name });
  }
}
