/** Admission of CustomResourceDefinitions, and of instances whose definition is on its way out. */
import type { AdmissionRequest, AdmissionRule } from "../admission/admission.ts";
import type { KubeObject } from "../store/kube-object.ts";
import type { KubeStore } from "../store/kube-store.ts";
import { forbidden, invalid } from "../store/status-error.ts";
import { conditionOf, type Definition, DEFINITIONS } from "./definition.ts";
import { definitionFaults } from "./definition-validation.ts";

export class DefinitionRule implements AdmissionRule {
  readonly #store: KubeStore;
  constructor(store: KubeStore) {
    this.#store = store;
  }

  admit(object: KubeObject, request: AdmissionRequest): KubeObject {
    const { kind, operation, subresource } = request;
    if (operation === "DELETE") return object;
    if (kind.custom && operation === "CREATE") this.#refuseWhileTerminating(object, request);
    if (kind.resource !== DEFINITIONS.resource || kind.group !== DEFINITIONS.group) return object;
    if (subresource !== "") return object;
    const definition = withDefaults(object as Definition); // decoded as one
    const old = operation === "UPDATE" ? (request.old as Definition | undefined) : undefined; // stored as one
    const causes = definitionFaults(definition, old);
    if (causes.length > 0) throw invalid(kind, definition.metadata.name, causes);
    if (operation === "UPDATE") return definition;
    return {
      ...definition,
      status: {
        acceptedNames: { kind: "", plural: "" },
        conditions: null,
        storedVersions: definition.spec.versions.filter(({ storage }) => storage).map(({ name }) => name),
      },
    };
  }

  #refuseWhileTerminating(object: KubeObject, { kind }: AdmissionRequest): void {
    if (kind.schema === undefined) return;
    const name = `${kind.resource}.${kind.group}`;
    const definition = this.#store.get({ ...DEFINITIONS, name }) as Definition | undefined; // stored under definitions
    if (definition === undefined || conditionOf(definition, "Terminating")?.status !== "True") return;
    throw forbidden(
      kind,
      object.metadata.name,
      "create not allowed while custom resource definition is terminating",
    );
  }
}

/** apiextensions/v1/defaults.go; what a definition must have is there for the checks, which find it empty. */
function withDefaults(definition: Definition): Definition {
  const { spec } = definition;
  const names = { ...spec?.names, plural: spec?.names?.plural ?? "", kind: spec?.names?.kind ?? "" };
  const { kind } = names;
  return {
    ...definition,
    spec: {
      ...spec,
      group: spec?.group ?? "",
      versions: spec?.versions ?? [],
      names: {
        ...names,
        singular: names.singular || kind.toLowerCase(),
        ...(kind === "" ? {} : { listKind: names.listKind || `${kind}List` }),
      },
      conversion: spec?.conversion ?? { strategy: "None" },
    },
  };
}
