/** Rights, sign-in, and what stands between the console and the cluster. */
import { deedOf } from "./deeds.ts";
import type { Sentence } from "./params.ts";

export const accessSentences = {
  "no-permission": (p) => {
    const resource = p.text("resource", "");
    const place = p.has("project") ? ` in ${p.text("project")}` : "";
    // KubeVirt gives migration in a role of its own (kubevirt.io:migrate): who administers a project alone has it not
    const near = place === "" || resource.endsWith("instancemigrations") ? "" : "the project or ";
    return `You may not ${deedOf(p.text("verb", ""), resource)}${place}. Ask an administrator of ${near}the platform.`;
  },
  "rights-unknown": () => "The cluster could not be asked about your rights; try again in a moment.",
  "not-signed-in": () => "You are not signed in.",
  "sign-in-mode-off": () => "This way to sign in is switched off here.",
  "token-refused": () => "The cluster did not accept this token.",
  "token-expired": () => "This token has expired.",
  "oidc-refused": () => "The identity provider refused the sign-in.",
  "oidc-flow-unknown": () =>
    "This sign-in was started elsewhere, finished twice, or took too long. Start again.",
  "oidc-unreachable": () => "The identity provider does not answer.",
  "session-idle": () => "You were signed out because nothing happened for a while.",
  "session-too-old": () => "Your session reached its longest duration. Sign in again.",
  "credential-expired": () => "Your credential has expired and could not be renewed. Sign in again.",
  "origin-foreign": () => "The request came from another site and was refused.",
  "content-type-wrong": () => "The request had an unexpected content type.",
  "too-many-tries": (p) => `Too many tries. Wait ${p.seconds("seconds")}, then try again.`,
  "project-is-system": () => "This project belongs to the platform.",
  "project-is-terminating": () => "The project is being deleted.",
  "project-not-empty": () => "The project is not empty.",
  "feed-stale": (p) =>
    `What is shown for ${p.text("resource")} may be out of date since ${p.instant("since")}.`,
  "feed-syncing": (p) => `The cluster's ${p.text("resource", "objects")} are still being read.`,
  "feed-absent": (p) => `The cluster does not serve ${p.text("resource")}.`,
  "feed-forbidden": (p) => `The console may not read ${p.text("resource")}.`,
  "feed-failing": (p) =>
    p.has("projects")
      ? `The cluster's ${p.text("resource")} of ${p.text("projects")} cannot be read now.`
      : `The cluster's ${p.text("resource", "objects")} cannot be read now.`,
  "feed-partial": (p) =>
    `Only ${p.text("resource")} of some projects are shown: ${p.text("projects", "those you may see")}.`,
  // read both by who is signed in and by who wants to
  "store-down": () =>
    "The console's database does not answer. Who is signed in stays so for a few minutes; nobody else can sign in.",
  "audit-in-log": () => "The audit trail goes to the log while the database is away.",
  "component-absent": (p) => `This cluster has no ${p.text("component", "such part")}.`,
  "component-forbidden": (p) =>
    `The console may not find out about this cluster's ${p.text("component", "parts")}.`,
  "component-failing": (p) => `What answers for ${p.text("component", "this part")} does not work now.`,
  "result-cut": (p) => `Only the first ${p.number("limit")} results are shown.`,
  "changed-meanwhile": () => "Somebody else changed this meanwhile.",
  "console-account-refused": () =>
    "The cluster does not accept the console's own account. Its operator has to renew its credential.",
  "upstream-refused": () => "The cluster refused this.",
  "outcome-unknown": () => "Whether it was done is not known: look before you do it again.",
  "upstream-silent": () => "The cluster took too long to answer.",
  "upstream-unreachable": () => "The cluster does not answer.",
  "upstream-busy": () => "The cluster is busy. Try again in a moment.",
  "server-draining": () => "The console is restarting. Try again in a moment.",
} satisfies Record<string, Sentence>;
