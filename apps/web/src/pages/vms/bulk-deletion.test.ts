/** Deleting many machines takes what was shown, and nothing that came after. */
import type { VmDeletionPlan, VmRow } from "@kubev/api-types/virtual-machines";
import { expect, test } from "vitest";
import { ApiError } from "../../api/api-error.ts";
import {
  deletionOf,
  goingCount,
  goingText,
  isFoundGone,
  lookUpDisks,
  notYet,
  untouchedText,
} from "./bulk-deletion.ts";

const vm = (name: string) => ({ ref: { uid: `uid-${name}` }, name, project: "p" }) as unknown as VmRow; // as: only these are read
const [web, db] = [vm("web"), vm("db")];

const disk = (name: string, part: Partial<VmDeletionPlan["disks"][number]> = {}) => ({
  name,
  sizeBytes: null,
  usedBy: [],
  ownedByVm: true,
  mayDelete: { allowed: true } as const,
  ...part,
});
const plan = ({ name, project }: VmRow, disks: VmDeletionPlan["disks"]): VmDeletionPlan => ({
  name,
  project,
  // a machine made anew under the name has another one
  uid: "uid-of-another",
  running: false,
  shutdownSeconds: null,
  protected: false,
  disks,
  snapshots: [],
  alsoGoes: [],
});

test("the machine that was chosen goes, with the disks that were shown with it", async () => {
  const going = await lookUpDisks([web, db], async (one) =>
    plan(
      one,
      one === web
        ? [
            disk("root"),
            disk("shared", { usedBy: ["db"] }),
            disk("own", { ownedByVm: false }),
            disk("kept", { mayDelete: { allowed: false, reason: { code: "no-permission" } } }),
          ]
        : [],
    ),
  );
  expect(deletionOf(web, going)).toEqual({ uid: "uid-web", deleteDisks: ["root"] });
  expect(deletionOf(db, going)).toEqual({ uid: "uid-db", deleteDisks: [] });
  expect([web, db].map((one) => goingText(one, going))).toEqual(["With it: root.", "No disk goes with it."]);
  expect(notYet([web, db], going)).toBeUndefined();
  expect(goingCount([web, db], going)).toBe(1);
  expect(untouchedText(web, going)).toBe("Nothing was done here to root.");
  expect(untouchedText(db, going)).toBeUndefined();
});

test("without its disks only the machine is named", () => {
  expect(deletionOf(web, undefined)).toEqual({ uid: "uid-web", deleteDisks: [] });
});

test("nothing begins before it is said of each machine what goes with it", async () => {
  expect(notYet([web], undefined)).toBe("The disks are still being looked up.");
  expect(goingText(web, undefined)).toBe("Its disks are being looked up.");
  expect(goingCount([web], undefined)).toBeUndefined();
  const going = await lookUpDisks([web, db], async (one) => {
    if (one === db) throw new Error("no answer");
    return plan(one, []);
  });
  expect(notYet([web, db], going)).toMatch(/^The disks of 1 machine could not be looked up\./);
  expect(() => deletionOf(db, going)).toThrow("no answer");
});

test("a machine that nobody has any more holds up none of the others", async () => {
  const going = await lookUpDisks([web, db], async (one) => {
    if (one === db)
      throw new ApiError({ code: "not-found", httpStatus: 404, operation: "getVmDeletionPlan" });
    return plan(one, [disk("root")]);
  });
  expect([web, db].map((one) => isFoundGone(one, going))).toEqual([false, true]);
  const there = [web, db].filter((one) => !isFoundGone(one, going));
  expect(notYet(there, going)).toBeUndefined();
  expect(isFoundGone(web, undefined)).toBe(false);
});

test("of a thousand machines a few are asked about at once, each one time", async () => {
  const many = Array.from({ length: 1000 }, (_, index) => vm(`vm-${index}`));
  let running = 0;
  let most = 0;
  let asked = 0;
  const going = await lookUpDisks(many, async (one) => {
    asked += 1;
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    running -= 1;
    return plan(one, [disk(`${one.name}-root`)]);
  });
  expect({ asked, most }).toEqual({ asked: 1000, most: 6 });
  expect(deletionOf(vm("vm-999"), going).deleteDisks).toEqual(["vm-999-root"]);
});
