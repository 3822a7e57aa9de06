/** What somebody may do and what the console could not show of it, and what befell a request. */
export const accessReasons = [
  // Rights. `verb` and `resource` are Kubernetes' own words, e.g. update, virtualmachines/start.
  "no-permission", // verb, resource, project?
  "rights-unknown", // the cluster could not be asked; denied meanwhile
  "not-signed-in",
  "sign-in-mode-off", // mode
  "token-refused",
  "token-expired",
  "oidc-refused", // the provider's own words in upstreamText
  "oidc-flow-unknown", // the sign-in was started elsewhere, twice, or too long ago
  "oidc-unreachable",
  "session-idle",
  "session-too-old",
  "credential-expired", // the user's own credential ended and could not be renewed
  "origin-foreign",
  "content-type-wrong", // expected
  "too-many-tries", // seconds

  // A partial truth.
  "feed-stale", // resource, since
  "feed-syncing", // resource
  "feed-absent", // resource
  "feed-forbidden", // resource
  "feed-failing", // resource, projects
  "feed-partial", // resource, projects
  "store-down",
  "audit-in-log",
  "component-absent", // component
  "component-forbidden", // component
  "component-failing", // component
  "result-cut", // limit

  // Words of a query that were not understood.
  "query-field-unknown", // field, choices
  "query-value-not-number", // field, value: empty where none was given
  "query-value-unknown", // field, value, choices
  "query-unit-missing", // value
  "query-operator-wrong", // field
  "query-quote-open",
  "query-sort-unknown", // sort

  // Concurrency and transport.
  "changed-meanwhile",
  "console-account-refused", // the cluster no longer takes the console's own credential; its words in upstreamText
  "upstream-refused", // the cluster's words in upstreamText
  "outcome-unknown", // beside what failed, or in its place where there is room for one
  "upstream-silent",
  "upstream-unreachable",
  "upstream-busy", // seconds
  "server-draining",
] as const;
