import { setFlagsFromString } from "node:v8";
import { ProbeMasks } from "../../runtime/guest/probe-masks.ts";
import { tableable } from "../../runtime/guest/tableable.ts";
import { type ByteRange, watchBounds } from "../../runtime/guest/watch-bounds.ts";
import { once } from "../../src/base/once.ts";
import { type Instrumented, instrument } from "../../src/instrument/instrument.ts";
import { readModule } from "../../src/wasm/module.ts";
import { debugInfoOf } from "../support/site-requests.ts";
import { withDeadCode } from "./dead-code.ts";

/** A guest's `run` export in one of the ways to run it. */
export type Work = (n: number) => number;

/** Node 20 has one memory for a module, and so keeps nothing while calls last. */
const hasManyMemories = Number(process.versions.node.split(".")[0]) >= 22;

/** Breakpoints armed where nothing runs. */
const armedSites = 50;

/**
 * The ways to run a guest that are compared, all in this process.
 *
 * - `again`: another instance of the plain module: what differs between it and `plain` is noise;
 * - `probes`: as it is debugged, with no probe armed but those before an `unreachable`, as always;
 * - `bare`: likewise, but nothing is kept of what debug info names;
 * - `padded`: as `probes`, of a guest to which code was added that nobody calls;
 * - `armed`: another instance of that, with 50 probes of the added code armed;
 * - `checked`: as `probes`, with all stores checked and nothing watched;
 * - `watched`: another instance of that, with a word watched that is never written.
 */
export type Variant = "plain" | "again" | "probes" | "bare" | "padded" | "armed" | "checked" | "watched";

/** A guest in some of the ways. */
export interface Variants {
  readonly work: Readonly<Partial<Record<Variant, Work>>>;
  /** Sites of `probes`. */
  readonly siteCount: number;
  /** Bytes of the module, `.debug_*` sections left out, to those with probes. */
  readonly growth: number;
}

/** Prepares a guest of test/bench/guests. Throws when a probe fires that is armed where nothing should run. */
export function variantsOf(bytes: Uint8Array<ArrayBuffer>, wanted: readonly Variant[]): Variants {
  // As the debuggee does; before the first module is compiled.
  setFlagsFromString("--experimental-wasm-branch-hinting");
  const module = readModule(bytes);
  const { sites, named } = debugInfoOf(module);
  const plain = new WebAssembly.Module(bytes);
  const keeping = { afterCalls: true, named, keepAtCalls: hasManyMemories };
  const probed = instrument(module, { sites, ...keeping });
  const bare = once(() => instrument(module, { sites, afterCalls: true }));
  const debugBytes = module.sections
    .filter((section) => section.kind === "custom" && section.name.startsWith(".debug_"))
    .reduce((sum, { headerStart, end }) => sum + end - headerStart, 0);
  const dead = once(() => withDeadCode(module, sites, armedSites));
  const probedDead = once(() => instrument(dead().module, { sites: dead().sites, ...keeping }));
  const checked = once(() => instrument(module, { sites, ...keeping, checkStores: { stackPointer: 0 } }));
  const make: Readonly<Record<Variant, () => Work>> = {
    plain: () => workOf(new WebAssembly.Instance(plain)),
    again: () => workOf(new WebAssembly.Instance(plain)),
    probes: () => probedWork(probed, []),
    bare: () => probedWork(bare(), []),
    padded: () => probedWork(probedDead(), []),
    armed: () => probedWork(probedDead(), deadSites(probedDead(), dead().firstDeadFunction)),
    checked: () => probedWork(checked(), []),
    watched: () => probedWork(checked(), [], unwritten),
  };
  return {
    work: Object.fromEntries(wanted.map((variant) => [variant, make[variant]()])),
    siteCount: probed.sites.count,
    growth: probed.bytes.length / (bytes.length - debugBytes),
  };
}

/** Sites spread over the functions that nobody calls. */
function deadSites({ sites }: Instrumented, firstDeadFunction: number): readonly number[] {
  const dead: number[] = [];
  for (let site = 0; site < sites.count; site++) {
    if ((sites.function[site] as number) >= firstDeadFunction) dead.push(site);
  }
  if (dead.length < armedSites) throw new Error(`only ${dead.length} sites in dead code`);
  return Array.from({ length: armedSites }, (_, index) => {
    return dead[Math.floor((index * dead.length) / armedSites)] as number;
  });
}

/** A word of what lies in front of all data and below the C stack's end: nobody writes there. */
const unwritten: ByteRange = { start: 16, end: 20 };

function probedWork(
  { bytes, names, sites }: Instrumented,
  armed: readonly number[],
  watched?: ByteRange,
): Work {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  const { exports } = instance;
  (exports[names.suspendTable] as WebAssembly.Table).set(
    0,
    tableable((site) => {
      throw new Error(`the probe of site ${site} fired`);
    }),
  );
  for (const name of names.watches) {
    const set = exports[name] as (...bounds: readonly (number | bigint)[]) => void;
    set(...watchBounds(watched, false));
  }
  const masks = new ProbeMasks(sites.kind, exports[names.setMask] as (word: number, value: number) => void);
  masks.arm(armed);
  return workOf(instance);
}

function workOf({ exports }: WebAssembly.Instance): Work {
  return exports.run as Work;
}
