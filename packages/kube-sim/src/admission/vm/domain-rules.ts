/** CPU, memory, firmware and machine. Source: KubeVirt's vmi-create-admitter. */
import { quantityBytes } from "../../upload/byte-quantity.ts";
import type { Report, VmiTemplateSpec } from "./vm-shape.ts";

const INVALID = "FieldValueInvalid";
const MACHINE_TYPES = ["q35*", "pc-q35*"];

const matchesMachine = (type: string): boolean => /^(q35|pc-q35)/.test(type);

export function checkResources(spec: VmiTemplateSpec, path: string, report: Report): void {
  const { requests = {}, limits = {} } = spec.domain?.resources ?? {};
  const at = `${path}.domain.resources`;
  for (const name of ["memory", "cpu"]) {
    const request = requests[name];
    const limit = limits[name];
    if (request === undefined || limit === undefined) continue;
    if (quantityBytes(String(request)) > quantityBytes(String(limit))) {
      report(
        INVALID,
        `${at}.requests.${name}`,
        `${at}.requests.${name} '${request}' is greater than ${at}.limits.${name} '${limit}'`,
      );
    }
  }
}

export function checkMemory(spec: VmiTemplateSpec, path: string, report: Report): void {
  const memory = spec.domain?.memory;
  if (memory === undefined) return;
  const at = `${path}.domain.memory`;
  if (memory.hugepages !== undefined) checkHugePages(spec, path, report);
  if (memory.maxGuest !== undefined && memory.guest !== undefined) {
    if (quantityBytes(memory.guest) > quantityBytes(memory.maxGuest)) {
      report(INVALID, `${at}.guest`, "Guest memory is greater than the configured maxGuest memory");
    }
  }
}

/** virt-api compares the *request*, which a guest-memory VM does not have: it counts as 0. */
function checkHugePages(spec: VmiTemplateSpec, path: string, report: Report): void {
  const pageSize = spec.domain?.memory?.hugepages?.pageSize ?? "";
  const request = String(spec.domain?.resources?.requests?.["memory"] ?? "0");
  const field = `${path}.domain.resources.requests.memory`;
  const sizeField = `${path}.domain.memory.hugepages.pageSize`;
  const page = quantityBytes(pageSize);
  const requested = quantityBytes(request);
  const standard = pageSize === "2Mi" || pageSize === "1Gi";
  if (standard && requested < page) {
    report(
      INVALID,
      field,
      `${field} '${request}' must be equal to or larger than page size ${sizeField} '${pageSize}'`,
    );
  } else if (!standard || requested % page !== 0) {
    report(
      INVALID,
      field,
      `${field} '${request}' is not a multiple of the page size ${sizeField} '${pageSize}'`,
    );
  }
}

export function checkCpu(spec: VmiTemplateSpec, path: string, report: Report): void {
  const cpu = spec.domain?.cpu;
  if (cpu === undefined) return;
  const at = `${path}.domain.cpu`;
  if (cpu.maxSockets !== undefined && cpu.sockets !== undefined && cpu.sockets > cpu.maxSockets) {
    // virt-api finds this twice.
    for (let time = 0; time < 2; time += 1) {
      report(
        INVALID,
        `${at}.sockets`,
        "Number of sockets in CPU topology is greater than the maximum sockets allowed",
      );
    }
  }
  if (cpu.isolateEmulatorThread === true && cpu.dedicatedCpuPlacement !== true) {
    report(
      INVALID,
      `${at}.isolateEmulatorThread`,
      "IsolateEmulatorThread should be only set in combination with DedicatedCPUPlacement",
    );
  }
}

export function checkFirmware(spec: VmiTemplateSpec, path: string, report: Report): void {
  const bootloader = spec.domain?.firmware?.bootloader;
  if (bootloader === undefined) return;
  const at = `${path}.domain`;
  if (bootloader.efi !== undefined && bootloader.bios !== undefined) {
    report(
      INVALID,
      `${at}.firmware.bootloader`,
      `${at}.firmware.bootloader has both EFI and BIOS configured, but they are mutually exclusive.`,
    );
  }
  const secure = bootloader.efi !== undefined && bootloader.efi.secureBoot !== false;
  const smm = spec.domain?.features?.smm;
  if (secure && (smm === undefined || smm.enabled === false)) {
    report(
      INVALID,
      at,
      `${at} has EFI SecureBoot enabled. SecureBoot requires SMM, which is currently disabled.`,
    );
  }
}

export function checkMachine(spec: VmiTemplateSpec, path: string, report: Report): void {
  const type = spec.domain?.machine?.type;
  if (type === undefined || type === "" || matchesMachine(type)) return;
  const field = `${path}.domain.machine.type`;
  report(INVALID, field, `${field} is not supported: ${type} (allowed values: [${MACHINE_TYPES.join(" ")}])`);
}
