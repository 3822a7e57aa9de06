/** Every code of the contract has one whole sentence. */
import { reasonCodes } from "@kubev/api-types/reason-codes";
import type { OperationName } from "@kubev/api-types/endpoint-paths";
import { errorCode } from "@kubev/api-types/errors";
import { beforeAll, describe, expect, test } from "vitest";
import { ApiError } from "../api/api-error.ts";
import { codeText, errorLine, errorText } from "./error-text.ts";
import { loadSentences, missingRightDetail, reasonText, reasonWithCause, unshownOf } from "./reason-text.ts";

beforeAll(loadSentences);

describe("every reason is one whole sentence, with and without its parameters", () => {
  const params = new Proxy<Record<string, string | number>>(
    {},
    {
      get: (_, name) => (/bytes|declared|expected|received/i.test(String(name)) ? 2 * 1024 ** 3 : "shop"),
      has: () => true,
    },
  );
  test.each(reasonCodes)("%s", (code) => {
    for (const reason of [{ code }, { code, params }]) {
      const text = reasonText(reason);
      expect(text).toMatch(/^["A-Z0-9].*[.]$/s);
      expect(text).not.toMatch(/undefined|NaN|\[object|[a-z]!|\s{2}| \./);
    }
  });
});

test("no code stands twice: its second sentence would silently take the place of the first", () => {
  expect(reasonCodes.filter((code, at) => reasonCodes.indexOf(code) !== at)).toEqual([]);
});

test("only these tell somebody to act on the machine; the server's test of its actions holds that those may be done", () => {
  const telling = reasonCodes.filter((code) =>
    /(^|[.;:] |, and )(stop|start|restart|pause|resume) (it|the machine)\b|must be stopped/i.test(
      reasonText({ code }),
    ),
  );
  expect(telling.toSorted()).toEqual([
    "disk-of-the-definition",
    "nic-not-pluggable",
    "vm-must-be-stopped",
    "volume-attachment-managed",
  ]);
});

test("parameters are formatted by the browser", () => {
  const reason = {
    code: "disk-smaller-than-image",
    params: { diskBytes: 1024 ** 3, imageBytes: 2 * 1024 ** 3 },
  };
  expect(reasonText(reason)).toBe("The disk of 1 GiB is smaller than its image, which needs 2 GiB.");
});

test.each([
  ["requests.storage", 20 * 1024 ** 3, 1024 ** 3, "Storage", "20 GiB needed, 1 GiB left"],
  ["fast.storageclass.storage.k8s.io/requests.storage", 1024 ** 3, 0, "Storage on fast", "1 GiB needed"],
  [
    "memory-pool.storageclass.storage.k8s.io/persistentvolumeclaims",
    2,
    1,
    "Disks on memory-pool",
    "2 needed",
  ],
  ["requests.cpu", 4, 1.5, "CPU", "4 cores needed, 1.5 cores left"],
  ["count/pods", 1, 0, "Pods", "1 needed, 0 left"],
])("a quota of %s is said in its unit", (resource, needed, available, word, amounts) => {
  const text = reasonText({ code: "quota-exceeded", params: { resource, needed, available } });
  expect(text).toContain(`quota for ${word} does`);
  expect(text).toContain(amounts);
});

test.each([
  ["amount", "Write an amount, such as 4, 500m or 16Gi."],
  ["mac", "Write six pairs of hexadecimal digits, such as 52:54:00:12:34:56."],
  ["", "Use lower-case letters, digits and hyphens; begin and end with a letter or digit."],
])("what is no %s is told what one looks like", (expected, sentence) => {
  expect(reasonText({ code: "field-pattern", params: expected === "" ? {} : { expected } })).toBe(sentence);
});

test.each([
  [{}, "No other host takes it: of 5, most lack free memory."],
  [
    { cordoned: 1, host: "host-6" },
    "No other host takes it: of 5, most lack free memory. host-6 would if it were not cordoned.",
  ],
  [
    { cordoned: 3, host: "host-6" },
    "No other host takes it: of 5, most lack free memory. 3 would if they were not cordoned, host-6 is one.",
  ],
])("the remedy of what has no room is said: %o", (params, text) => {
  expect(reasonText({ code: "drain-no-room", params: { hosts: 5, cause: "memory", ...params } })).toBe(text);
});

test.each([
  [{ resource: "memory", needed: 900 * 2 ** 30 }, "it asks for 900 GiB of memory, more than any host has."],
  [{ resource: "cpu", needed: 96 }, "it asks for 96 cores of CPU, more than any host has."],
  [{ resource: "nvidia.com/A10", needed: 3 }, "it asks for 3 of nvidia.com/A10, more than any host has."],
])("what no host ever takes is told as such: %o", (params, text) => {
  expect(reasonText({ code: "vm-too-large-for-hosts", params })).toBe(`No host is large enough: ${text}`);
});

test("a code that is not known yet falls back to the cluster's words, then to the code", () => {
  expect(reasonText({ code: "brand-new", upstreamText: "no more room" })).toBe("no more room");
  expect(reasonText({ code: "brand-new" })).toBe("Reason: brand-new.");
});

test("the cluster's words stand behind our sentence", () => {
  expect(reasonWithCause({ code: "vm-unschedulable", upstreamText: "0/6 nodes are available" })).toBe(
    "No host can take this machine now. “0/6 nodes are available”",
  );
});

test.each(errorCode.options)("the error %s says what failed", (code) => {
  const error = new ApiError({
    code,
    httpStatus: 500,
    operation: "listVms",
    detail: { code, requestId: "r-7" },
  });
  const text = errorText(error, "The list could not be loaded.");
  expect(text.title).toBe("The list could not be loaded.");
  expect(text.advice).toMatch(/\.$/);
  expect(text.details).toContain("r-7");
  expect(errorLine(error)).toMatch(/\.$/);
});

describe("whether it was done", () => {
  const unknown = "Whether it was done is not known: look before you do it again.";
  const lost = (operation: OperationName, code: ApiError["code"] = "network") =>
    errorLine(new ApiError({ code, httpStatus: 0, operation }));

  test.each(["createVm", "deleteAny", "startHostDrain", "uploadDisk", "actOnVms"] as const)(
    "is not known of %s whose answer was lost",
    (operation) => {
      expect(lost(operation)).toContain(unknown);
      expect(lost(operation, "unreadable")).toContain(unknown);
    },
  );
  test.each(["signInWithToken", "putPreferences", "previewVm", "showSecretValue", "listVms"] as const)(
    "is no question of %s",
    (operation) => expect(lost(operation)).not.toContain(unknown),
  );
  test("is what the server says, where it said something", () => {
    const said = (outcomeUnknown?: true) =>
      errorText(
        new ApiError({
          code: "upstream-unavailable",
          httpStatus: 503,
          operation: "createVm",
          detail: {
            code: "upstream-unavailable",
            requestId: "r-7",
            ...(outcomeUnknown ? { outcomeUnknown } : {}),
          },
        }),
        "It was not made.",
      ).advice;
    expect(said(true)).toBe(`The cluster does not answer. ${unknown}`);
    expect(said()).not.toContain(unknown);
  });
  test("is known of a file that did not leave as a whole", () => {
    expect(lost("uploadImage", "upload-incomplete")).not.toContain(unknown);
  });
});

test("a refusal for a missing right says what, where and whom to ask, once", () => {
  const reason = { code: "no-permission", params: { verb: "delete", resource: "services", project: "shop" } };
  const detail = { code: "forbidden" as const, requestId: "r-7", reason };
  const error = new ApiError({ code: "forbidden", httpStatus: 403, operation: "deleteObject", detail });
  const sentence =
    "You may not delete services in shop. Ask an administrator of the project or the platform.";
  expect(errorText(error)).toMatchObject({ title: sentence, advice: undefined });
  expect(errorText(error, "The service was not deleted.").advice).toBe(sentence);
});

test("a code from the URL never becomes text of the page", () => {
  expect(codeText("token-expired")).toBe("This token has expired.");
  expect(codeText("<b>call 0900</b>")).toBe("The sign-in did not succeed. Try again.");
});

test("a missing right is said in plain words; Kubernetes' own words stay at hand", () => {
  const reason = {
    code: "no-permission",
    params: { verb: "update", resource: "virtualmachines/start", project: "web-shop" },
  };
  expect(reasonText(reason)).toBe(
    "You may not start machines in web-shop. Ask an administrator of the project or the platform.",
  );
  expect(missingRightDetail(reason)).toBe("update virtualmachines/start");
  // what has no words of ours is still said, with its place and whom to ask
  const params = { verb: "patch", resource: "services", project: "web-shop" };
  expect(reasonText({ code: "no-permission", params })).toBe(
    "You may not change services in web-shop. Ask an administrator of the project or the platform.",
  );
  const migrate = { verb: "create", resource: "virtualmachineinstancemigrations", project: "shop" };
  expect(reasonText({ code: "no-permission", params: migrate })).toBe(
    "You may not create live migrations in shop. Ask an administrator of the platform.",
  );
  expect(reasonText({ code: "no-permission", params: { verb: "bind", resource: "clusterroles" } })).toBe(
    "You may not bind clusterroles. Ask an administrator of the platform.",
  );
  expect(missingRightDetail({ code: "vm-is-running" })).toBeUndefined();
});

test("what is not shown of a reason is the rest: the cluster's words behind the sentence, or all of it", () => {
  const upstreamText = "pod has unbound immediate PersistentVolumeClaims";
  const reason = { code: "vm-unschedulable", upstreamText };
  expect(unshownOf(reason, reasonText(reason))).toBe(` “${upstreamText}”`);
  expect(unshownOf(reason, "42 %")).toBe(reasonWithCause(reason));
  expect(unshownOf({ code: "vm-unschedulable" }, reasonText({ code: "vm-unschedulable" }))).toBe("");
});
