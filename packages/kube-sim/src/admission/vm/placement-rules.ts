/** Names, strategies, probes and credentials of a VMI template. Source: KubeVirt's vmi-create-admitter. */
import type { Report, VmiTemplateSpec } from "./vm-shape.ts";

const INVALID = "FieldValueInvalid";
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL_TEXT =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const SUBDOMAIN_TEXT =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

const EVICTION_STRATEGIES = ["None", "LiveMigrate", "LiveMigrateIfPossible", "External"];
const PROBE_HANDLERS = ["exec", "httpGet", "tcpSocket", "guestAgentPing"];

export function checkHostNames(spec: VmiTemplateSpec, path: string, report: Report): void {
  if (
    spec.hostname !== undefined &&
    spec.hostname !== "" &&
    (!LABEL.test(spec.hostname) || spec.hostname.length > 63)
  ) {
    const why = LABEL.test(spec.hostname) ? "must be no more than 63 characters" : LABEL_TEXT;
    report(
      INVALID,
      `${path}.hostname`,
      `${path}.hostname does not conform to the kubernetes DNS_LABEL rules : ${why}`,
    );
  }
  if (spec.subdomain !== undefined && spec.subdomain !== "" && !SUBDOMAIN.test(spec.subdomain)) {
    report(
      INVALID,
      `${path}.subdomain`,
      `${path}.subdomain does not conform to the kubernetes DNS_SUBDOMAIN rules : ${SUBDOMAIN_TEXT}`,
    );
  }
}

export function checkStrategies(spec: VmiTemplateSpec, path: string, report: Report): void {
  if (spec.evictionStrategy !== undefined && !EVICTION_STRATEGIES.includes(spec.evictionStrategy)) {
    report(
      INVALID,
      `${path}.evictionStrategy`,
      `${path}.evictionStrategy is set with an unrecognized option: ${spec.evictionStrategy}`,
    );
  }
  if (spec.startStrategy !== undefined && spec.startStrategy !== "Paused") {
    report(
      INVALID,
      `${path}.startStrategy`,
      `${path}.startStrategy is set with an unrecognized option: ${spec.startStrategy}`,
    );
  }
  if (spec.dnsPolicy === "None" && spec.dnsConfig === undefined) {
    report("FieldValueRequired", `${path}.dnsConfig`, "must provide `dnsConfig` when `dnsPolicy` is None");
  }
}

export function checkProbes(spec: VmiTemplateSpec, path: string, report: Report): void {
  for (const name of ["readinessProbe", "livenessProbe"] as const) {
    const probe = spec[name];
    if (probe === undefined) continue;
    const handlers = PROBE_HANDLERS.filter((handler) => probe[handler] !== undefined);
    if (handlers.length === 1) continue;
    const field = `${path}.${name}`;
    const text =
      handlers.length > 1
        ? `${field} must have exactly one probe type set`
        : `either ${field}.tcpSocket, ${field}.exec or ${field}.httpGet must be set if a ${field} is specified`;
    report(INVALID, field, text);
  }
}

export function checkAccessCredentials(spec: VmiTemplateSpec, path: string, report: Report): void {
  spec.accessCredentials?.forEach((credential, index) => {
    const at = `${path}.accessCredentials[${index}]`;
    for (const kind of ["sshPublicKey", "userPassword"] as const) {
      const given = credential[kind];
      if (given === undefined || Object.keys(given.propagationMethod ?? {}).length === 1) continue;
      report(INVALID, `${at}.${kind}.propagationMethod`, `${at} must have exactly one propagationMethod set`);
    }
  });
}
