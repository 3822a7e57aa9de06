/** What the API server demands of events, and more of those that come by events.k8s.io. Source: pkg/apis/core/validation/events.go. */
import { asNewEvent, EVENTS_GROUP } from "../schema/event-versions.ts";
import type { KubeObject } from "../store/kube-object.ts";
import { invalid } from "../store/status-error.ts";
import type { AdmissionRequest, AdmissionRule } from "./admission.ts";
import { type Cause, forbiddenField, invalidValue, required, unsupported } from "./field-causes.ts";

/** An event as events.k8s.io names its fields. */
function newEventProblems(event: Readonly<Record<string, unknown>>): Cause[] {
  const causes: Cause[] = [];
  const text = (name: string): string => (typeof event[name] === "string" ? event[name] : "");
  if (!event["eventTime"]) causes.push(required("eventTime"));
  for (const name of ["reportingController", "reportingInstance", "action", "reason"]) {
    if (text(name) === "") causes.push(required(name));
    else if (name !== "reportingController" && text(name).length > 128)
      causes.push(invalidValue(name, "", "can have at most 128 characters"));
  }
  if (text("note").length > 1024) causes.push(invalidValue("note", "", "can have at most 1024 characters"));
  if (text("type") !== "Normal" && text("type") !== "Warning")
    causes.push(unsupported("type", text("type"), ["Normal", "Warning"]));
  const series = event["series"] as { count?: number } | undefined; // checked by its schema
  if (series !== undefined && series !== null && (series.count ?? 0) < 2)
    causes.push(invalidValue("series.count", series.count ?? 0, "should be at least 2"));
  for (const name of ["deprecatedCount", "deprecatedFirstTimestamp", "deprecatedLastTimestamp"]) {
    if (event[name] !== undefined && event[name] !== null && event[name] !== 0)
      causes.push(forbiddenField(name, "needs to be unset"));
  }
  return causes;
}

export class EventRule implements AdmissionRule {
  admit(event: KubeObject, request: AdmissionRequest): KubeObject {
    const { kind, operation, group } = request;
    if (kind.group !== "" || kind.resource !== "events" || operation !== "CREATE") return event;
    const involved = (event["involvedObject"] ?? {}) as { namespace?: string }; // an Event's
    const namespace = involved.namespace ?? "";
    const causes =
      namespace === event.metadata.namespace || (namespace === "" && event.metadata.namespace === "default")
        ? []
        : [invalidValue("involvedObject.namespace", namespace, "does not match event.namespace")];
    if (group === EVENTS_GROUP) causes.push(...newEventProblems(asNewEvent(event)));
    if (causes.length > 0) throw invalid(kind, event.metadata.name, causes);
    return event;
  }
}
