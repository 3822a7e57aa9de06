/** KubeVirt's webhooks of VirtualMachineClones. Source: admitters/vmclone-admitter.go and the mutator beside it; order and words theirs. */
import { randomBytes } from "node:crypto";
import type { KubeObject } from "../../store/kube-object.ts";
import type { StatusCause } from "../../store/status-error.ts";
import type { AdmissionRequest, AdmissionRule } from "../admission.ts";
import { refuseWithCauses } from "../webhook-refusal.ts";

const WEBHOOK = "vm-clone-validator.kubevirt.io";
const MACHINE = "VirtualMachine";

interface Reference {
  apiGroup?: string;
  kind?: string;
  name?: string;
}

interface Filters {
  annotationFilters?: string[];
  labelFilters?: string[];
}

/** Fields of the schema, which has been checked. */
interface CloneSpec extends Filters {
  source?: Reference;
  target?: Reference;
  template?: Filters;
  newMacAddresses?: Record<string, string>;
  patches?: string[];
}

const invalid = (message: string, field: string): StatusCause => ({
  reason: "FieldValueInvalid",
  message,
  field,
});

export class CloneObjectRule implements AdmissionRule {
  admit(object: KubeObject, request: AdmissionRequest): KubeObject {
    const { kind, operation, subresource } = request;
    if (kind.group !== "clone.kubevirt.io" || kind.resource !== "virtualmachineclones") return object;
    if (subresource !== "" || operation === "DELETE") return object;
    const admitted = operation === "CREATE" ? withTargetName(object) : object;
    const refusal = refuseWithCauses(WEBHOOK, causesOf(admitted["spec"] as CloneSpec)); // the schema's
    if (refusal !== undefined) throw refusal;
    return admitted;
  }
}

/** A target that is not named gets a name here. */
function withTargetName(object: KubeObject): KubeObject {
  const spec = object["spec"] as CloneSpec; // the schema's
  const { source = {}, target } = spec;
  if (target?.name) return object;
  const alphabet = "bcdfghjklmnpqrstvwxz2456789";
  const suffix = Array.from(randomBytes(5), (byte) => alphabet[byte % alphabet.length]).join("");
  const name = `clone-${source.name ?? ""}-${suffix}`;
  return {
    ...object,
    spec: { ...spec, target: { apiGroup: "kubevirt.io", kind: MACHINE, ...target, name } },
  };
}

function causesOf(spec: CloneSpec): StatusCause[] {
  const { source = {}, target, template = {} } = spec;
  const causes = [
    ...filterCauses(spec.annotationFilters, "spec.annotations"),
    ...filterCauses(spec.labelFilters, "spec.labels"),
    ...filterCauses(template.annotationFilters, "spec.template.annotations"),
    ...filterCauses(template.labelFilters, "spec.template.labels"),
  ];
  if (source.kind !== MACHINE && source.kind !== "VirtualMachineSnapshot")
    causes.push(invalid("Source kind is not supported", "spec.Source.Kind"));
  if (target !== undefined && target.kind !== MACHINE)
    causes.push(invalid("Target kind is not supported", "spec.Target.Kind"));
  if (!source.apiGroup) causes.push(invalid("Source's APIGroup cannot be empty", "spec.Source.APIGroup"));
  if (!source.kind) causes.push(invalid("Source's Kind cannot be empty", "spec.Source"));
  if (!source.name) causes.push(invalid("Source's name cannot be empty", "spec.Source.Name"));
  if (source.kind === MACHINE && target?.kind === MACHINE && target.name === source.name) {
    const words = "Target name cannot be equal to source name when both are VirtualMachines";
    causes.push(invalid(words, "spec.target.name"));
  }
  for (const [name, mac] of Object.entries(spec.newMacAddresses ?? {})) {
    if (mac === "" || isMac(mac)) continue;
    const words = `interface ${name} has malformed MAC address (${mac}).`;
    causes.push(invalid(words, `spec.newMacAddresses.${name}`));
  }
  for (const [index, patch] of (spec.patches ?? []).entries())
    if (!isJson(patch)) causes.push(invalid(`patch is not valid JSON (${patch})`, `spec.patches[${index}]`));
  return causes;
}

function filterCauses(filters: readonly string[] = [], field: string): StatusCause[] {
  const causes: StatusCause[] = [];
  for (const filter of filters) {
    if (filter.length <= 1) {
      if (filter === "!") causes.push(invalid("a negation character is not a valid filter", field));
      continue;
    }
    const wrong = (what: string, sign: string, rule: string) =>
      causes.push(
        invalid(
          `${field} filter ${filter} is invalid: cannot contain a ${what} character (${sign}); FilterRules: ${rule}`,
          field,
        ),
      );
    if (filter.slice(1).includes("!"))
      wrong("negation", "!", "NegationChar can be only used at the beginning of the filter");
    if (filter.slice(0, -1).includes("*"))
      wrong("wildcard", "*", "WildcardChar can be only at the end of the filter");
  }
  return causes;
}

/** Six bytes as Go's net.ParseMAC reads them. */
const isMac = (text: string): boolean =>
  /^[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}$/i.test(text) ||
  /^[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}$/i.test(text);

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
